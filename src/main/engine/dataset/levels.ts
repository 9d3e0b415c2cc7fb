import { featuresOf } from '../../../core/dataset/dataset'
import type { Dataset, SplitName } from '../../../core/dataset/dataset'
import { levelDistribution, levelFeatureMoments } from '../../../core/preprocessing/distribution'
import type { Distribution } from '../../../core/preprocessing/distribution'
import type { FeatureMoments } from '../../../core/preprocessing/feature-moments'
import { hasImageConstants, scaledRoom } from '../../../core/preprocessing/image-constants'
import type { LevelRange } from '../../../core/preprocessing/image-constants'
import { levelFrame, mergeLevels } from '../../../core/preprocessing/image-levels'
import type { LevelCounts, PartFrame } from '../../../core/preprocessing/image-levels'
import type { FittedPreprocessing } from '../../../core/preprocessing/preprocessing'
import { binEdges } from '../../../core/statistics/counting/bins'
import type { ImageSums } from '../../../core/statistics/image-sums'
import type { ConstantRows, ScaledImages } from '../../../core/statistics/kernels/kernels'
import type { MomentRows } from '../../../core/statistics/moments'
import type { Summary } from '../../../core/statistics/summary'
import { readRows } from '../../data/rows'
import type { SomeRange } from '../../statistics/jobs'
import { inOrder, rangeParts, sharedRoom, work } from './parts'

/** What the values of images become under a choice, and the moments of each image. */
export interface Measured {
  readonly distribution: Distribution
  readonly moments: MomentRows
  readonly features: FeatureMoments
}

/**
 * Of choices with levels, of bytes: one pass over the images for all of them. `onBegun` is called
 * once threads have all that they need for it.
 */
export async function measureLevels(
  dataset: Dataset,
  splits: readonly SplitName[],
  summary: Summary,
  choices: readonly FittedPreprocessing[],
  bins: number,
  onBegun: () => void = () => undefined
): Promise<Measured[]> {
  const parts = rangeParts(dataset, splits)
  const values = summary.count * featuresOf(dataset)
  const [first, known] = await Promise.all([
    readRows(dataset, splits[0]!, 0, 1),
    Promise.all(choices.map((fitted) => knownOf(fitted, summary.images)))
  ])
  const ranges = await Promise.all(
    choices.map((fitted, at) => known[at]?.range ?? foundRange(fitted))
  )
  const frames = choices.map((fitted, at) => {
    const { min, max } = ranges[at]!
    return levelFrame(fitted, first, ranges[at]!, binEdges(min, max, bins))
  })
  const found = choices.map((): LevelCounts[] => [])
  const asked = withImages(parts).map(({ part, from, to }) => ({
    ...part,
    frames: frames.map((frame, at): PartFrame => {
      const constants = known[at]?.images
      return { ...frame, constants: constants && someConstants(constants, from, to) }
    })
  }))
  const counted = inOrder('levelCounts', asked, values, (counts) =>
    counts.forEach((one, at) => found[at]!.push(one))
  )
  onBegun()
  await counted
  return frames.map((frame, at) => {
    const counts = mergeLevels(found[at]!)
    return {
      distribution: levelDistribution(frame, ranges[at]!, counts),
      moments: known[at]?.images.moments ?? counts.moments!,
      features: levelFeatureMoments(frame, counts)
    }
  })

  async function foundRange(fitted: FittedPreprocessing): Promise<LevelRange> {
    const ofParts: LevelRange[] = []
    const asked = parts.map((part) => ({ ...part, fitted }))
    await inOrder('levelRange', asked, values, (range) => ofParts.push(range))
    return wholeRange(ofParts)
  }
}

/** Values that take as long to look at as what is known of an image. */
const IMAGE_VALUES = 10

/** What is known of all images under a choice with a shift and a scale of each, in shared memory. */
async function knownOf(
  fitted: FittedPreprocessing,
  images: ImageSums
): Promise<{ readonly range: LevelRange; readonly images: ScaledImages } | undefined> {
  if (!hasImageConstants(fitted)) return undefined
  const count = images.sum.length
  const into = scaledRoom(count, sharedDoubles)
  const range = await work('scaleImages', { fitted, images, into }, count * IMAGE_VALUES)
  return { range, images: into }
}

/** Parts, and which of all their images these are. */
function withImages(
  parts: readonly SomeRange[]
): { readonly part: SomeRange; readonly from: number; readonly to: number }[] {
  let to = 0
  return parts.map((part) => ({ part, from: to, to: (to += part.count) }))
}

const sharedDoubles = (length: number): Float64Array =>
  new Float64Array(sharedRoom(8 * length).buffer)

const someConstants = ({ centres, divisors }: ConstantRows, from: number, to: number) => ({
  centres: centres.subarray(from, to),
  divisors: divisors.subarray(from, to)
})

function wholeRange(ranges: readonly LevelRange[]): LevelRange {
  return ranges.reduce((a, b) => ({ min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) }))
}
