import type { PixelType } from '../../core/dataset/dataset'
import type { PictureFile } from '../../core/format/files'
import type { PictureOptions } from '../../core/format/pictures'
import type { DecodedImage } from '../../core/format/source'
import type { ErrorFacts } from '../../core/error'
import type { ImageSize } from './damage'

/** Pictures to decode, answered in their order. */
export interface DecodeRequest {
  readonly files: readonly PictureFile[]
  readonly options: PictureOptions
  /** the size that all must have; one of another size is not decoded */
  readonly like?: ImageSize
}

/** A picture apart from its values, which are the next `bytes` of what was sent. */
export interface DecodedFacts extends Omit<DecodedImage, 'values'> {
  readonly type: PixelType
  readonly bytes: number
}

export type FromDecoder =
  | { readonly type: 'ready' }
  /** values, in pieces */
  | { readonly type: 'piece'; readonly bytes: Uint8Array }
  /** the end of an answer: what came of each file */
  | { readonly type: 'decoded'; readonly images: readonly (DecodedFacts | ErrorFacts)[] }
