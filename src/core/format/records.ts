import { NormscopeError } from '../error'
import { withoutImages } from './errors'
import type { Files } from './files'
import type { NumberArray } from './number-type'
import type { ImageChunk, ImageSize, LabelValues, OpenedSplit } from './opened'
import { leftOut, Remarks } from './pictures'
import type { PictureOptions } from './pictures'
import { Sizes } from './sizes'
import type { DecodedImage, Warn } from './source'

/** The numbers of one image. */
export interface RecordedPixels {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly values: NumberArray
}

/** One image of a stream of records. */
export interface ImageRecord {
  /** what errors call it */
  readonly name: string
  /** a picture file's bytes, or numbers */
  readonly image: Uint8Array | RecordedPixels
  readonly label?: number | string
}

/** What is to be said of picture files at their end, of one file or of several together. */
export class PictureNotes {
  readonly remarks = new Remarks()
  readonly stored = new Sizes()
  readonly damaged: string[] = []

  say({ size }: PictureOptions, warn: Warn): void {
    for (const sentence of this.remarks.sentences()) warn(sentence)
    const resized = size && this.stored.resized(size)
    if (resized !== undefined) warn(resized)
    if (this.damaged.length > 0) warn(leftOut(this.damaged))
  }
}

/**
 * The images of records, as they come; `notes`: said by whoever gives them. All must have one size and depth. Throws NormscopeError
 * 'empty-dataset', 'mixed-sizes', 'mixed-depths', 'bad-label' and those of pictures.
 */
export async function recordsSplit(
  path: string,
  batches: AsyncIterable<readonly ImageRecord[]>,
  files: Files,
  options: PictureOptions,
  warn: Warn,
  notes?: PictureNotes
): Promise<OpenedSplit> {
  const labels: (number | string)[] = []
  const own = new PictureNotes()
  const say = (): void => (notes === undefined ? own.say(options, warn) : undefined)
  const images = inOrder(batches, files, options, notes ?? own, say)
  const begun = await images.next()
  if (begun.done) throw withoutImages(path)
  const first = begun.value
  const labelled = first.label !== undefined
  return {
    height: first.height,
    width: first.width,
    minType: 'uint8',
    resizable: first.picture,
    chunks: () => chunks(first, images, labels),
    sizes: () => sizes(first, images),
    labels: labelled ? () => Promise.resolve(labels as LabelValues) : undefined
  }
}

interface Placed extends RecordedPixels {
  readonly name: string
  readonly label?: number | string
  /** whether it is a picture file */
  readonly picture: boolean
  /** its size in the file, where it was given another */
  readonly from?: DecodedImage['from']
}

async function* inOrder(
  batches: AsyncIterable<readonly ImageRecord[]>,
  files: Files,
  options: PictureOptions,
  { remarks, stored, damaged }: PictureNotes,
  say: () => void
): AsyncGenerator<Placed> {
  for await (const batch of batches) {
    const pictures = batch.flatMap(({ name, image }) =>
      image instanceof Uint8Array ? [{ name, bytes: image }] : []
    )
    const decoded = files.decode(pictures, options)[Symbol.asyncIterator]()
    try {
      for (const { name, image, label } of batch) {
        if (!(image instanceof Uint8Array)) {
          yield { ...image, name, label, picture: false }
          continue
        }
        const { value } = (await decoded.next()) as { value: DecodedImage | NormscopeError }
        if (value instanceof NormscopeError) {
          if (options.damaged !== 'leave-out') throw value
          damaged.push(name)
          continue
        }
        remarks.add(value.remarks)
        stored.add(value.from ?? value)
        yield { ...value, name, label, picture: true }
      }
    } finally {
      await decoded.return?.()
    }
  }
  say()
}

async function* chunks(
  first: Placed,
  others: AsyncGenerator<Placed>,
  labels: (number | string)[]
): AsyncGenerator<ImageChunk> {
  const sizes = new Sizes()
  let next: IteratorResult<Placed> = { value: first }
  try {
    while (!next.done) {
      const image = next.value
      sizes.add(image)
      if (image.height !== first.height || image.width !== first.width) {
        throw await mixedSizes(first, image, others, sizes)
      }
      checkAlike(first, image)
      if (image.label !== undefined) labels.push(image.label)
      yield { values: image.values, channels: image.channels }
      next = await others.next()
    }
  } finally {
    await others.return(undefined)
  }
}

async function* sizes(first: Placed, others: AsyncGenerator<Placed>): AsyncGenerator<ImageSize> {
  let next: IteratorResult<Placed> = { value: first }
  try {
    while (!next.done) {
      const { name, from = next.value } = next.value
      yield { file: name, height: from.height, width: from.width }
      next = await others.next()
    }
  } finally {
    await others.return(undefined)
  }
}

/** What is said of the sizes is what the images that follow have too, as far as is looked. */
async function mixedSizes(
  first: Placed,
  image: Placed,
  others: AsyncGenerator<Placed>,
  sizes: Sizes
): Promise<NormscopeError> {
  let all = false
  for (let more = 0; more < Sizes.MOST_AHEAD && !all; more++) {
    const next = await others.next().catch(() => undefined)
    // a damaged one ends what can be seen
    if (next === undefined) break
    if (next.done) all = true
    else sizes.add(next.value)
  }
  return sizes.mixed(
    { file: image.name, ...image },
    { file: first.name, ...first },
    all ? undefined : sizes.seen,
    image.picture
  )
}

const depthOf = ({ values }: Placed): string => `${8 * values.BYTES_PER_ELEMENT} bits a value`
const labelling = ({ label }: Placed): string => (label === undefined ? 'no label' : 'a label')

const ALIKE: readonly { readonly code: string; readonly of: (image: Placed) => string }[] = [
  { code: 'mixed-depths', of: depthOf },
  { code: 'bad-label', of: labelling }
]

function checkAlike(first: Placed, image: Placed): void {
  for (const { code, of } of ALIKE) {
    const [expected, actual] = [of(first), of(image)]
    if (expected === actual) continue
    throw new NormscopeError({
      code,
      message: `${image.name} has ${actual}, ${first.name} has ${expected}; all images must be alike. Repair or remove it.`,
      path: image.name,
      expected,
      actual
    })
  }
}
