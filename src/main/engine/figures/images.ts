import type { EngineInput, ImageInspection, Thumbnails } from '../../../contract/engine'
import { featuresOf } from '../../../core/dataset/dataset'
import { inFileOrder } from '../../../core/dataset/in-file-order'
import type { PixelArray } from '../../../core/dataset/dataset'
import { unlabelled } from '../../../core/format/missing-labels'
import { NormscopeError } from '../../../core/error'
import { imageHistogramFigure } from '../../../core/figure/pixels'
import { applier } from '../../../core/preprocessing/apply'
import { momentsOf } from '../../../core/statistics/moments'
import type { RunRecord } from '../../../core/study/run'
import { distributionOf } from './distributions'
import { eachChoice } from './each-choice'
import type { OpenSet } from '../dataset/open-set'
import { work } from '../dataset/parts'
import { readRowsAt } from '../../data/rows'
import { wrongImages } from './wrong-images'

/** Indices of the images that pass the filters, in the order asked for; the first `most` of them. */
export async function imageIndices(
  set: OpenSet,
  input: EngineInput<'imageIndices'>,
  runs: readonly RunRecord[] = []
): Promise<Uint32Array> {
  const { split, sortBy, descending, classes, meanRange, stdRange, wrongIn, most } = input
  const count = set.count(split)
  const needsLabels = classes || sortBy === 'class'
  const labels = needsLabels ? await set.labels(split) : undefined
  if (needsLabels && !labels) throw unlabelled(set.dataset, split)
  const needsMoments = meanRange || stdRange || sortBy === 'mean' || sortBy === 'std'
  const moments = needsMoments ? await set.imageMoments(split) : undefined
  const wrong = wrongIn === undefined ? undefined : await wrongImages(set, split, wrongIn, runs)
  const within = (value: number, range?: readonly [number, number]): boolean =>
    !range || (value >= range[0] && value <= range[1])
  const wanted = classes && new Set(classes)
  const inOrder = sortBy === 'index' && !descending
  const enough = inOrder ? Math.min(count, most ?? count) : count
  if (inOrder && !wrong && !wanted && !moments) return inFileOrder(enough)
  const indices = new Uint32Array(enough)
  let kept = 0
  for (let index = 0; index < count && kept < enough; index++) {
    if (wrong && !wrong.has(index)) continue
    if (wanted && !wanted.has(labels![index]!)) continue
    if (moments && !within(moments.mean[index]!, meanRange)) continue
    if (moments && !within(moments.std[index]!, stdRange)) continue
    indices[kept++] = index
  }
  const found = indices.slice(0, kept)
  if (sortBy === 'index') return (descending ? found.reverse() : found).slice(0, most)
  const keys = { class: labels, mean: moments?.mean, std: moments?.std }[sortBy]!
  const comparisons = kept * Math.log2(kept + 1)
  const sorted = await work('ordered', { indices: found, keys, descending }, comparisons)
  return sorted.slice(0, most)
}

/** Images as bytes for display, with their labels and moments. */
export async function thumbnails(
  set: OpenSet,
  { split, indices }: EngineInput<'thumbnails'>
): Promise<Thumbnails> {
  for (const index of indices) checkIndex(set, split, index)
  const { height, width, channels, dtype } = set.dataset
  const pixels = await readRowsAt(set.dataset, split, indices)
  const labels = await set.labels(split)
  const features = featuresOf(set.dataset)
  const means = new Float64Array(indices.length)
  const stds = new Float64Array(indices.length)
  indices.forEach((_, at) => {
    const moments = momentsOf(pixels.subarray(at * features, (at + 1) * features))
    means[at] = moments.mean
    stds[at] = moments.std
  })
  const range = dtype === 'uint8' ? undefined : await set.overallMoments('train')
  return {
    height,
    width,
    channels,
    pixels: range ? scaled(pixels, range.min, range.max) : (pixels.slice() as Uint8Array),
    ...(labels && { labels: Int32Array.from(indices, (index) => labels[index]!) }),
    means,
    stds
  }
}

/** One image as stored and under each choice. */
export async function inspectImage(
  set: OpenSet,
  { split, index, choices }: EngineInput<'image'>
): Promise<ImageInspection> {
  checkIndex(set, split, index)
  const stored = Float32Array.from(await readRowsAt(set.dataset, split, [index]))
  const labels = await set.labels(split)
  const setMoments = await set.overallMoments('train')
  const { found: underChoices, problems } = await eachChoice(choices, async (choice) => {
    const fitted = await set.fitted(choice)
    const values = new Float32Array(stored.length)
    applier(fitted)(stored, values)
    const { min, max } = await distributionOf(set, choice, 'train')
    return { choice, values, ...momentsOf(values), setRange: [min, max] as const }
  })
  return {
    split,
    index,
    ...(labels && { label: labels[index]! }),
    stored,
    moments: momentsOf(stored),
    setMoments,
    underChoices,
    problems,
    histogram: imageHistogramFigure(stored, await set.summary('train'))
  }
}

export function checkIndex(set: OpenSet, split: 'train' | 'test', index: number): void {
  const count = set.count(split)
  if (index < count) return
  throw new NormscopeError({
    code: 'no-such-image',
    message: `There is no ${split} image ${index}; they are numbered from 0 to ${count - 1}.`
  })
}

/** Values of the set's range as bytes. */
function scaled(pixels: PixelArray, min: number, max: number): Uint8Array {
  const factor = max > min ? 255 / (max - min) : 0
  return Uint8Array.from(pixels, (value) => Math.round((value - min) * factor))
}
