import { NormscopeError } from '../error'
import { withoutImages } from './errors'
import type { Files } from './files'
import type { NumberArray } from './number-type'
import type { ImageChunk, LabelValues, OpenedSplit } from './opened'
import { Remarks } from './pictures'
import type { PictureOptions } from './pictures'
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

/**
 * The images of records, as they come. All must have one size and depth. Throws NormscopeError
 * 'empty-dataset', 'mixed-sizes', 'mixed-depths', 'bad-label' and those of pictures.
 */
export async function recordsSplit(
  path: string,
  batches: AsyncIterable<readonly ImageRecord[]>,
  files: Files,
  options: PictureOptions,
  warn: Warn
): Promise<OpenedSplit> {
  const labels: (number | string)[] = []
  const images = inOrder(batches, files, options, warn)
  const begun = await images.next()
  if (begun.done) throw withoutImages(path)
  const first = begun.value
  const labelled = first.label !== undefined
  return {
    height: first.height,
    width: first.width,
    minType: 'uint8',
    chunks: () => chunks(first, images, labels),
    labels: labelled ? () => Promise.resolve(labels as LabelValues) : undefined
  }
}

interface Placed extends RecordedPixels {
  readonly name: string
  readonly label?: number | string
}

async function* inOrder(
  batches: AsyncIterable<readonly ImageRecord[]>,
  files: Files,
  options: PictureOptions,
  warn: Warn
): AsyncGenerator<Placed> {
  const remarks = new Remarks()
  let damaged = 0
  for await (const batch of batches) {
    const pictures = batch.flatMap(({ name, image }) =>
      image instanceof Uint8Array ? [{ name, bytes: image }] : []
    )
    const decoded = files.decode(pictures, options)[Symbol.asyncIterator]()
    try {
      for (const { name, image, label } of batch) {
        if (!(image instanceof Uint8Array)) {
          yield { ...image, name, label }
          continue
        }
        const { value } = (await decoded.next()) as { value: DecodedImage | NormscopeError }
        if (value instanceof NormscopeError) {
          if (options.damaged !== 'leave-out') throw value
          damaged++
          continue
        }
        remarks.add(value.remarks)
        yield { ...value, name, label }
      }
    } finally {
      await decoded.return?.()
    }
  }
  for (const sentence of remarks.sentences()) warn(sentence)
  if (damaged > 0) warn(`Images that could not be decoded were left out: ${damaged}.`)
}

async function* chunks(
  first: Placed,
  others: AsyncGenerator<Placed>,
  labels: (number | string)[]
): AsyncGenerator<ImageChunk> {
  let next: IteratorResult<Placed> = { value: first }
  try {
    while (!next.done) {
      const image = next.value
      checkAlike(first, image)
      if (image.label !== undefined) labels.push(image.label)
      yield { values: image.values, channels: image.channels }
      next = await others.next()
    }
  } finally {
    await others.return(undefined)
  }
}

const sizeOf = ({ height, width }: Placed): string => `${height} × ${width}`
const depthOf = ({ values }: Placed): string => `${8 * values.BYTES_PER_ELEMENT} bits a value`
const labelling = ({ label }: Placed): string => (label === undefined ? 'no label' : 'a label')

const ALIKE: readonly { readonly code: string; readonly of: (image: Placed) => string }[] = [
  { code: 'mixed-sizes', of: sizeOf },
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
