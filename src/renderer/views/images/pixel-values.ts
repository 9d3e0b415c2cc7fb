import type { ImageInspection } from '../../../contract/engine'
import { csvText } from '../../../core/csv'
import type { CsvCell } from '../../../core/csv'
import { plain } from '../../../core/numbers'
import type { ChoiceId } from '../../../core/preprocessing/preprocessing'
import { choiceRecord } from '../../../core/preprocessing/choices'

/** One picture of the inspector: the image as stored, or after one choice. */
export interface Panel {
  /** undefined: as stored */
  readonly choice: ChoiceId | undefined
  /** short, for under the picture */
  readonly name: string
  /** height x width x channels values, row by row */
  readonly values: Float32Array
  /** of the whole training split: what black and white stand for */
  readonly range: readonly [number, number]
}

export interface PixelPlace {
  /** from 0 */
  readonly row: number
  /** from 0 */
  readonly column: number
}

/** The stored image first, unless the raw choice shows the very same values. */
export function panelsOf(inspection: ImageInspection): Panel[] {
  const under = inspection.underChoices.map((one) => ({
    choice: one.choice.id,
    name: choiceRecord(one.choice.id).shortName,
    values: one.values,
    range: one.setRange
  }))
  if (under.some(({ choice }) => choiceRecord(choice).stored)) return under
  const { min, max } = inspection.setMoments
  const stored = {
    choice: undefined,
    name: 'As stored',
    values: inspection.stored,
    range: [min, max] as const
  }
  return [stored, ...under]
}

/** A range a little under a power of ten counts as one: 0.92 keeps the decimals of 1. */
const NEARLY = 0.2

/** Decimals that separate about a thousand steps of the range; none for a range of whole bytes. */
export function decimalsFor(range: readonly [number, number], integers: boolean): number {
  if (integers) return 0
  const span = Math.max(range[1] - range[0], Number.MIN_VALUE)
  return Math.min(8, Math.max(1, 3 - Math.floor(Math.log10(span) + NEARLY)))
}

/** '−0.81 to 2.02' */
export function rangeText(range: readonly [number, number]): string {
  const decimals = Math.max(0, decimalsFor(range, false) - 1)
  const end = (value: number): string => plain(Number(value.toFixed(decimals)))
  return `${end(range[0])} to ${end(range[1])}`
}

/** The value of each channel of one pixel. */
export function valuesAt(
  values: Float32Array,
  width: number,
  channels: number,
  { row, column }: PixelPlace
): number[] {
  const from = (row * width + column) * channels
  return Array.from(values.subarray(from, from + channels))
}

/** Names of the rows of the value table. */
export function channelNames(channels: number): readonly string[] {
  if (channels === 1) return ['value']
  if (channels === 3) return ['red', 'green', 'blue']
  return Array.from({ length: channels }, (_, channel) => `channel ${channel}`)
}

/** RGBA bytes of an image whose range runs from black to white. */
export function shade(panel: Panel, height: number, width: number, channels: number): ImageData {
  const picture = new ImageData(width, height)
  const [low, high] = panel.range
  const scale = high > low ? 255 / (high - low) : 0
  const offset = channels >= 3 ? [0, 1, 2] : [0, 0, 0]
  for (let pixel = 0; pixel < height * width; pixel++) {
    for (let part = 0; part < 3; part++) {
      const value = panel.values[pixel * channels + (offset[part] ?? 0)] ?? 0
      picture.data[pixel * 4 + part] = (value - low) * scale
    }
    picture.data[pixel * 4 + 3] = 255
  }
  return picture
}

/** All values of the panels: row, column, channel (RGB only), then one column per panel. */
export function valuesCsv(
  panels: readonly Panel[],
  height: number,
  width: number,
  channels: number
): string {
  const names = channelNames(channels)
  const heads = panels.map((panel) => panel.choice ?? 'stored')
  const rows: CsvCell[][] = [['row', 'column', ...(channels > 1 ? ['channel'] : []), ...heads]]
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      for (let channel = 0; channel < channels; channel++) {
        const at = (row * width + column) * channels + channel
        const name = channels > 1 ? [names[channel]] : []
        rows.push([row, column, ...name, ...panels.map((panel) => panel.values[at])])
      }
    }
  }
  return csvText(rows)
}
