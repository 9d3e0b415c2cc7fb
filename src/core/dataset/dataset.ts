/** Type of one stored pixel value. Two- and four-byte values are little-endian in the store. */
export type PixelType = 'uint8' | 'uint16' | 'float32'

export const SPLIT_NAMES = ['train', 'test'] as const
export type SplitName = (typeof SPLIT_NAMES)[number]

/** Numbers that lie uncompressed in a file, C order (image, row, column, channel). */
export interface StoredArray {
  readonly path: string
  /** bytes from the start of the file */
  readonly offset: number
  /** size, time of change and inode as the data set was opened; where given, reads compare them */
  readonly state?: string
}

export interface Split {
  /** number of images */
  readonly count: number
  readonly pixels: StoredArray
  /** int32 little-endian, one per image, each in [0, classNames.length); absent without labels */
  readonly labels?: StoredArray
  /** images per class, in the order of classNames; absent without labels */
  readonly classCounts?: readonly number[]
}

/** A split that can be trained on or tested on. */
type LabelledSplit = Split & Required<Pick<Split, 'labels' | 'classCounts'>>

export function isLabelled(split: Split | undefined): split is LabelledSplit {
  return split?.labels !== undefined
}

/** A file the data set was read from. */
export interface SourceFile {
  readonly path: string
  readonly bytes: number
  /** SHA-256 of the file's bytes, hex */
  readonly sha256: string
}

/** Images of one shape, decoded, with one label each where there are labels; the numbers stay on disk. */
export interface Dataset {
  /**
   * SHA-256 (hex) over shape, type, labels and pixels as they were opened: the same content has the
   * same id, also after images were held out of it
   */
  readonly id: string
  readonly name: string
  /** id of a format */
  readonly format: string
  /** pixels */
  readonly height: number
  /** pixels */
  readonly width: number
  /** 1 grey, 3 RGB */
  readonly channels: number
  readonly dtype: PixelType
  /** none where no split has labels */
  readonly classNames: readonly string[]
  /** the classes as the files name them; set where a person named them otherwise */
  readonly fileClassNames?: readonly string[]
  readonly splits: { readonly train: Split; readonly test?: Split }
  readonly sources: readonly SourceFile[]
  /** what the reader had to assume or convert, one sentence each */
  readonly warnings: readonly string[]
  /** set when the test split was held out of the training images by the app */
  readonly heldOut?: { readonly fraction: number; readonly seed: number }
}

export const BYTES_PER_PIXEL: Readonly<Record<PixelType, number>> = {
  uint8: 1,
  uint16: 2,
  float32: 4
}

/** Numbers in one image: height x width x channels. */
export function featuresOf(shape: Pick<Dataset, 'height' | 'width' | 'channels'>): number {
  return shape.height * shape.width * shape.channels
}

export type PixelArray = Uint8Array | Uint16Array | Float32Array

/** The pixels as numbers of their own type; copies only where the bytes are not aligned. */
export function pixelView(bytes: Uint8Array, dtype: PixelType): PixelArray {
  if (dtype === 'uint8') return bytes
  const size = BYTES_PER_PIXEL[dtype]
  const aligned = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes)
  const length = Math.floor(aligned.byteLength / size)
  return dtype === 'uint16'
    ? new Uint16Array(aligned.buffer, aligned.byteOffset, length)
    : new Float32Array(aligned.buffer, aligned.byteOffset, length)
}
