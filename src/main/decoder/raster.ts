import type { Remark } from '../../core/format/pictures'
import type { DecodedImage } from '../../core/format/source'
import type { ImageSize } from './damage'

/** What a file says of its picture before that is decoded. */
export interface Header extends ImageSize {
  /** EXIF orientation 1 to 8; left out where it is 1 */
  readonly orientation?: number
  readonly remarks?: readonly Remark[]
}

/** A picture as it is in its file: not turned, with its alpha. */
export interface Raster {
  readonly height: number
  readonly width: number
  /** 1 grey, 3 RGB */
  readonly channels: 1 | 3
  /** whether each pixel has one more value, its alpha */
  readonly alpha: boolean
  readonly values: DecodedImage['values']
  /** what its values tell; what the file tells is in its header */
  readonly remarks?: readonly Remark[]
}
