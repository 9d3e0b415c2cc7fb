import { TAG, tiffTags } from './tiff-tags'

/** The orientation, 1 to 8, in a TIFF file or EXIF data; 1 where there is none. */
export function orientationIn(tiff: Uint8Array): number {
  const value = tiffTags(tiff).first.get(TAG.orientation) ?? 1
  return value >= 1 && value <= 8 ? value : 1
}

/** How a pixel of the upright picture is found in the stored one. */
interface Turn {
  readonly swapped?: boolean
  readonly rowFlipped?: boolean
  readonly columnFlipped?: boolean
}

const TURNS: Readonly<Record<number, Turn>> = {
  2: { columnFlipped: true },
  3: { rowFlipped: true, columnFlipped: true },
  4: { rowFlipped: true },
  5: { swapped: true },
  6: { swapped: true, rowFlipped: true },
  7: { swapped: true, rowFlipped: true, columnFlipped: true },
  8: { swapped: true, columnFlipped: true }
}

interface Raster<T> {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly values: T
}

/** The size of a picture once it is upright. */
export function uprightSize<S extends { readonly height: number; readonly width: number }>(
  size: S,
  orientation: number
): S {
  return orientation >= 5 ? { ...size, height: size.width, width: size.height } : size
}

/** The picture as it is meant to be seen. */
export function upright<T extends Uint8Array | Uint16Array | Float32Array, R extends Raster<T>>(
  image: R,
  orientation: number
): R {
  const turn = TURNS[orientation]
  if (turn === undefined) return image
  const { channels, values } = image
  const { height, width } = uprightSize(image, orientation)
  const turned = values.slice() as T
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [along, down] = turn.swapped ? [y, x] : [x, y]
      const row = turn.rowFlipped ? image.height - 1 - down : down
      const column = turn.columnFlipped ? image.width - 1 - along : along
      const from = (row * image.width + column) * channels
      for (let channel = 0; channel < channels; channel++) {
        turned[to++] = values[from + channel]!
      }
    }
  }
  return { ...image, height, width, values: turned }
}
