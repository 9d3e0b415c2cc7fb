import type { PictureOptions } from '../../core/format/pictures'
import type { DecodedImage } from '../../core/format/source'

type Values = DecodedImage['values']
type Size = NonNullable<PictureOptions['size']>

/** For each place along a side of the new picture: where its weights begin, and the weights. */
interface Weights {
  readonly from: Int32Array
  readonly of: readonly Float64Array[]
}

/** Bits of a weight where values are bytes, as in Pillow, so that sums are whole numbers. */
const WEIGHT_BITS = 22

/**
 * Bilinear with antialiasing, as Pillow's BILINEAR: each new value is the mean of the old ones under
 * a triangle that is as wide as two new pixels, or as two old ones where the picture grows; first
 * along rows, then along columns, rounded after each.
 */
function weightsOf(old: number, now: number, whole: boolean): Weights {
  const scale = old / now
  const reach = Math.max(1, scale)
  const from = new Int32Array(now)
  const of = Array.from({ length: now }, (_, at) => {
    const centre = (at + 0.5) * scale
    const first = Math.max(0, Math.trunc(centre - reach + 0.5))
    const last = Math.min(old, Math.trunc(centre + reach + 0.5))
    from[at] = first
    const weights = Float64Array.from({ length: last - first }, (_, place) =>
      Math.max(0, 1 - Math.abs((place + first - centre + 0.5) / reach))
    )
    const sum = weights.reduce((total, weight) => total + weight, 0)
    return weights.map((weight) =>
      whole ? Math.trunc(0.5 + (weight / sum) * 2 ** WEIGHT_BITS) : weight / sum
    )
  })
  return { from, of }
}

/** One side of a picture made longer or shorter: `lines` of `old` places, `step` values apart. */
function along(
  values: Values,
  out: Values,
  { from, of }: Weights,
  place: (line: number, at: number) => number,
  outPlace: (line: number, at: number) => number,
  lines: number
): void {
  const bytes = values instanceof Uint8Array
  const half = bytes ? 2 ** (WEIGHT_BITS - 1) : values instanceof Uint16Array ? 0.5 : 0
  for (let at = 0; at < of.length; at++) {
    const weights = of[at]!
    const first = from[at]!
    for (let line = 0; line < lines; line++) {
      let sum = half
      for (let k = 0; k < weights.length; k++) {
        sum += values[place(line, first + k)]! * weights[k]!
      }
      out[outPlace(line, at)] = bytes ? sum / 2 ** WEIGHT_BITS : sum
    }
  }
}

const like = <T extends Values>(values: T, length: number): T =>
  new (values.constructor as new (length: number) => T)(length)

function stretched(image: DecodedImage, height: number, width: number): DecodedImage {
  const { channels } = image
  let { values } = image
  const whole = values instanceof Uint8Array
  if (width !== image.width) {
    const out = like(values, image.height * width * channels)
    const [old, now] = [image.width, width]
    along(
      values,
      out,
      weightsOf(old, now, whole),
      (line, at) => (Math.floor(line / channels) * old + at) * channels + (line % channels),
      (line, at) => (Math.floor(line / channels) * now + at) * channels + (line % channels),
      image.height * channels
    )
    values = out
  }
  if (height !== image.height) {
    const row = width * channels
    const out = like(values, height * row)
    const place = (line: number, at: number): number => at * row + line
    along(values, out, weightsOf(image.height, height, whole), place, place, row)
    values = out
  }
  return { ...image, height, width, values }
}

/** To the nearest whole number, halves to the even one. */
const rounded = (value: number): number => {
  const down = Math.floor(value)
  return value - down === 0.5 ? down + (down % 2) : Math.round(value)
}

/** The largest size of the picture's proportions that fits, as Pillow's ImageOps.pad has it. */
function inside(image: DecodedImage, { height, width }: Size): [height: number, width: number] {
  const wider = image.width * height - width * image.height
  if (wider > 0) return [Math.max(1, rounded((image.height / image.width) * width)), width]
  if (wider < 0) return [height, Math.max(1, rounded((image.width / image.height) * height))]
  return [height, width]
}

function padded(image: DecodedImage, { height, width }: Size): DecodedImage {
  if (image.height === height && image.width === width) return image
  const { channels } = image
  const values = like(image.values, height * width * channels)
  const top = rounded((height - image.height) * 0.5)
  const left = rounded((width - image.width) * 0.5)
  const row = image.width * channels
  for (let y = 0; y < image.height; y++) {
    values.set(image.values.subarray(y * row, (y + 1) * row), ((top + y) * width + left) * channels)
  }
  return { ...image, height, width, values }
}

/** The picture in the size asked for. */
export function resized(image: DecodedImage, size: Size): DecodedImage {
  const from = { height: image.height, width: image.width }
  if (from.height === size.height && from.width === size.width) return image
  if (size.fit === 'stretch') return { ...stretched(image, size.height, size.width), from }
  return { ...padded(stretched(image, ...inside(image, size)), size), from }
}
