import type { NumberArray } from './number-type'
import type { PixelType } from '../dataset/dataset'

/** Whole images as they come out of a file, in C order: image, row, column, channel. */
export interface ImageChunk {
  readonly values: NumberArray
  /** 1 grey, 3 RGB */
  readonly channels: number
  /** share of the split read so far, in [0, 1], where it can be told */
  readonly fraction?: number
}

/** One label per image as the file gives it: whole numbers, or names. */
export type LabelValues = ArrayLike<number> | ArrayLike<string>

/** Pixels that reach from an offset to the end of a file, as they would be stored. */
interface InPlace {
  readonly path: string
  /** bytes */
  readonly offset: number
  /** images */
  readonly count: number
  readonly channels: number
}

/** The size of an image in its file. */
export interface ImageSize {
  /** what errors call it */
  readonly file: string
  /** pixels */
  readonly height: number
  /** pixels */
  readonly width: number
}

/** A split whose header has been read and whose images are about to be. Read once. */
export interface OpenedSplit {
  /** pixels */
  readonly height: number
  /** pixels */
  readonly width: number
  /** narrowest type the values are stored as; values that do not fit widen it */
  readonly minType: PixelType
  /** type of number in the file, where it says one */
  readonly type?: string
  /** set where the file's bytes are already what would be stored */
  readonly inPlace?: InPlace
  /** of the images' bytes as they would be stored if nothing widens them, where the file says it */
  readonly crc32?: number | undefined
  /** images, where a header tells */
  readonly count?: number
  /** whether labels lie in a file of their own, and `count` is known: they can be read before the chunks are */
  readonly areLabelsApart?: boolean
  /** whether its images are picture files, which can be given another size */
  readonly resizable?: boolean
  chunks(): AsyncIterable<ImageChunk>
  /** in place of `chunks`: the sizes of its images, where they need not have one */
  sizes?(): AsyncIterable<ImageSize>
  /**
   * To be called once the chunks are read, unless labels lie apart; absent where there are no labels. A file that holds
   * others than so many `images` need is not read through: NormscopeError 'count-mismatch'.
   */
  labels?(images: number): Promise<LabelValues>
}

/** The same split of a file that does not stay as it is: its pixels are copied. */
export function elsewhere(opened: OpenedSplit): OpenedSplit {
  return {
    ...opened,
    inPlace: undefined,
    chunks: () => opened.chunks(),
    sizes: opened.sizes && (() => opened.sizes!()),
    labels: opened.labels && ((images) => opened.labels!(images))
  }
}
