import { featuresOf } from '../../../core/dataset/dataset'
import type { Dataset, SplitName } from '../../../core/dataset/dataset'
import { levelDistribution, levelFeatureMoments } from '../../../core/preprocessing/distribution'
import type { Distribution } from '../../../core/preprocessing/distribution'
import type { FeatureMoments } from '../../../core/preprocessing/feature-moments'
import { knownLevels, levelFrame, mergeLevels } from '../../../core/preprocessing/image-levels'
import type {
  KnownLevels,
  LevelCounts,
  LevelRange,
  PartFrame
} from '../../../core/preprocessing/image-levels'
import type { FittedPreprocessing } from '../../../core/preprocessing/preprocessing'
import { binEdges } from '../../../core/statistics/counting/bins'
import { someImages } from '../../../core/statistics/image-sums'
import type { ImageSums } from '../../../core/statistics/image-sums'
import type { MomentRows } from '../../../core/statistics/moments'
import type { Summary } from '../../../core/statistics/summary'
import { readRows } from '../../data/rows'
import { yieldToEventLoop } from '../../processes/event-loop'
import type { SomeRange } from '../../statistics/jobs'
import { inOrder, rangeParts } from './parts'

/** What the values of images become under a choice, and the moments of each image. */
export interface Measured {
  readonly distribution: Distribution
  readonly moments: MomentRows
  readonly features: FeatureMoments
}

/** Of choices with levels, of bytes: one pass over the images for all of them. */
export async function measureLevels(
  dataset: Dataset,
  splits: readonly SplitName[],
  summary: Summary,
  choices: readonly FittedPreprocessing[],
  bins: number
): Promise<Measured[]> {
  const parts = rangeParts(dataset, splits)
  const values = summary.count * featuresOf(dataset)
  const first = await readRows(dataset, splits[0]!, 0, 1)
  const known: (readonly KnownLevels[] | undefined)[] = []
  const ranges: LevelRange[] = []
  for (const fitted of choices) {
    const ofParts = await knownOf(fitted, summary.images, parts)
    known.push(ofParts)
    ranges.push(ofParts ? wholeRange(ofParts.map(({ range }) => range)) : await foundRange(fitted))
  }
  const frames = choices.map((fitted, at) => {
    const { min, max } = ranges[at]!
    return levelFrame(fitted, first, ranges[at]!, binEdges(min, max, bins))
  })
  const found = choices.map((): LevelCounts[] => [])
  const asked = parts.map((part, place) => ({
    ...part,
    frames: frames.map((frame, at): PartFrame => ({
      ...frame,
      constants: known[at]?.[place]!.constants
    }))
  }))
  await inOrder('levelCounts', asked, values, (counts) =>
    counts.forEach((one, at) => found[at]!.push(one))
  )
  return frames.map((frame, at) => {
    const counts = mergeLevels(found[at]!)
    return {
      distribution: levelDistribution(frame, ranges[at]!, counts),
      moments: counts.moments,
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

/** What is known of the images of each part; between two parts other work gets its turn, as there may be a million. */
async function knownOf(
  fitted: FittedPreprocessing,
  images: ImageSums,
  parts: readonly SomeRange[]
): Promise<readonly KnownLevels[] | undefined> {
  const found: KnownLevels[] = []
  let from = 0
  for (const { count } of parts) {
    const known = knownLevels(fitted, someImages(images, from, (from += count)))
    if (!known) return undefined
    found.push(known)
    await yieldToEventLoop()
  }
  return found
}

function wholeRange(ranges: readonly LevelRange[]): LevelRange {
  return ranges.reduce((a, b) => ({ min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) }))
}
