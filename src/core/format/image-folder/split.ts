import { NormscopeError } from '../../error'
import { baseName } from '../source'
import type { DecodedImage, Warn } from '../source'
import type { ImageChunk, ImageSize, LabelValues, OpenedSplit } from '../opened'
import { leftOut, Remarks } from '../pictures'
import type { PictureOptions } from '../pictures'
import type { FolderImage } from './folder'
import { Sizes } from '../sizes'

type Outcomes = AsyncIterable<DecodedImage | NormscopeError>

/**
 * The images of one split. All must have the size of the first, unless the options give them one; grey
 * among colour is widened. Labels `given` override the folders' names. Throws NormscopeError
 * 'mixed-sizes', 'mixed-depths', 'corrupt-image', 'unsupported-image', 'image-too-large'.
 */
export async function openFolderSplit(
  images: readonly FolderImage[],
  decoded: Outcomes,
  options: PictureOptions,
  warn: Warn,
  given?: () => Promise<LabelValues>
): Promise<OpenedSplit> {
  const reading = new PicturesInOrder(images, decoded, options, warn)
  const { height, width } = await reading.first()
  const labels = given ?? labelsOf(images)
  return {
    height,
    width,
    minType: 'uint8',
    resizable: true,
    chunks: () => reading.chunks(),
    sizes: () => reading.sizes(),
    labels: labels && (async () => reading.keptOf(await labels()))
  }
}

function labelsOf(images: readonly FolderImage[]): (() => Promise<LabelValues>) | undefined {
  const names = images.flatMap(({ className }) => className ?? [])
  return names.length === images.length ? () => Promise.resolve(names) : undefined
}

/** The pictures of one split, and what is to be said of them at the end. */
class PicturesInOrder {
  readonly #images: readonly FolderImage[]
  readonly #outcomes: AsyncIterator<DecodedImage | NormscopeError>
  readonly #options: PictureOptions
  readonly #warn: Warn
  readonly #remarks = new Remarks()
  readonly #stored = new Sizes()
  /** places of pictures that were left out */
  readonly #damaged = new Set<number>()
  #next = 0
  #first: { readonly at: number; readonly image: DecodedImage } | undefined

  constructor(
    images: readonly FolderImage[],
    decoded: Outcomes,
    options: PictureOptions,
    warn: Warn
  ) {
    this.#images = images
    this.#outcomes = decoded[Symbol.asyncIterator]()
    this.#options = options
    this.#warn = warn
  }

  async first(): Promise<DecodedImage> {
    let error: NormscopeError | undefined
    while (this.#first === undefined && this.#next < this.#images.length) {
      const at = this.#next
      const image = await this.#take()
      if (image instanceof NormscopeError) error ??= image
      else this.#first = { at, image }
    }
    if (this.#first === undefined) throw error!
    return this.#first.image
  }

  async *chunks(): AsyncGenerator<ImageChunk> {
    const { at: firstAt, image: first } = this.#first!
    const channelsSeen = new Set<number>()
    try {
      for (let at = firstAt; at < this.#images.length; at++) {
        const image = at === firstAt ? first : await this.#take()
        if (image instanceof NormscopeError) continue
        const { values, channels, from, remarks } = image
        if (image.height !== first.height || image.width !== first.width) {
          throw await this.#mixedSizes(at, image)
        }
        this.#checkDepth(at, image)
        this.#stored.add(from ?? image)
        this.#remarks.add(remarks)
        channelsSeen.add(channels)
        yield { values, channels, fraction: (at + 1) / this.#images.length }
      }
    } finally {
      await this.#outcomes.return?.()
    }
    this.#say(channelsSeen.size > 1)
  }

  async *sizes(): AsyncGenerator<ImageSize> {
    const { at: firstAt, image: first } = this.#first!
    try {
      for (let at = firstAt; at < this.#images.length; at++) {
        const image = at === firstAt ? first : await this.#take()
        if (image instanceof NormscopeError) continue
        const { height, width } = image.from ?? image
        yield { file: this.#images[at]!.file, height, width }
      }
    } finally {
      await this.#outcomes.return?.()
    }
  }

  /** The labels of the pictures that were not left out. */
  keptOf(labels: LabelValues): LabelValues {
    if (this.#damaged.size === 0) return labels
    const all = Array.from(labels as ArrayLike<number | string>)
    return all.filter((_, at) => !this.#damaged.has(at)) as number[] | string[]
  }

  /** The next picture; throws the error of a damaged one unless those are left out. */
  async #take(): Promise<DecodedImage | NormscopeError> {
    const { value } = (await this.#outcomes.next()) as { value: DecodedImage | NormscopeError }
    const at = this.#next++
    if (value instanceof NormscopeError) {
      if (this.#options.damaged !== 'leave-out') throw value
      this.#damaged.add(at)
    }
    return value
  }

  /** What is said of the sizes is what the pictures that follow have too, as far as is looked. */
  async #mixedSizes(at: number, image: DecodedImage): Promise<NormscopeError> {
    this.#stored.add(image)
    const { file } = this.#images[at]!
    for (let more = 0; more < Sizes.MOST_AHEAD && this.#next < this.#images.length; more++) {
      const next = await this.#take().catch(() => undefined)
      if (next !== undefined && !(next instanceof NormscopeError)) this.#stored.add(next)
    }
    const { at: firstAt, image: first } = this.#first!
    return this.#stored.mixed(
      { file, ...image },
      { file: this.#images[firstAt]!.file, ...first },
      this.#next < this.#images.length ? this.#next : undefined
    )
  }

  #checkDepth(at: number, image: DecodedImage): void {
    const { at: firstAt, image: first } = this.#first!
    const depth = 8 * first.values.BYTES_PER_ELEMENT
    const other = 8 * image.values.BYTES_PER_ELEMENT
    if (depth === other) return
    const { file } = this.#images[at]!
    throw new NormscopeError({
      code: 'mixed-depths',
      message: `${baseName(file)} has ${other} bits per value, ${baseName(this.#images[firstAt]!.file)} has ${depth}; 255 would mean white in one and nearly black in the other. Save all with the same number of bits.`,
      path: file,
      expected: `${depth} bits`,
      actual: `${other} bits`
    })
  }

  #say(mixedChannels: boolean): void {
    const { size } = this.#options
    if (size !== undefined) {
      const said = this.#stored.resized(size)
      if (said !== undefined) this.#warn(said)
    }
    for (const sentence of this.#remarks.sentences()) this.#warn(sentence)
    if (mixedChannels) {
      this.#warn(
        'Some images are grey and some are colour; grey was stored as equal red, green and blue.'
      )
    }
    if (this.#damaged.size > 0) {
      this.#warn(leftOut([...this.#damaged].map((at) => this.#images[at]!.file)))
    }
  }
}
