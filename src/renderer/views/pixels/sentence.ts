import type { ChoiceRow } from '../../../contract/engine'
import { choiceRecord } from '../../../core/preprocessing/choices'
import { grouped } from '../../../core/numbers'

/** Shares that differ by less count as the same: rounding of sums in another order. */
const ALIKE = 1e-3

const nameOf = (row: ChoiceRow): string => choiceRecord(row.choice.id).name
const features = (row: ChoiceRow): string => grouped(Math.round(row.effectiveFeatures))

function alike(a: number, b: number): boolean {
  return Math.abs(a - b) <= ALIKE * Math.max(Math.abs(a), Math.abs(b))
}

/** What the stored values were divided by, when that is all that was done to them. */
function divisorOf(stored: ChoiceRow, row: ChoiceRow): number | undefined {
  const pairs: (readonly [number | undefined, number | undefined])[] = [
    ...stored.std.map((std, channel) => [std, row.std[channel]] as const),
    ...stored.mean.map((mean, channel) => [mean, row.mean[channel]] as const),
    [stored.max, row.max]
  ]
  const ratios = pairs
    .filter(([above, below]) => above !== undefined && below !== undefined && below !== 0)
    .map(([above = 0, below = 1]) => above / below)
  const [first] = ratios
  if (first === undefined || !ratios.every((ratio) => alike(ratio, first))) return undefined
  const sameShape =
    alike(stored.effectiveFeatures, row.effectiveFeatures) &&
    alike(stored.shareAtMinimum, row.shareAtMinimum)
  const divisor = alike(first, Math.round(first)) ? Math.round(first) : first
  return sameShape && divisor !== 1 ? divisor : undefined
}

/**
 * What the table shows, in one or two sentences that its numbers bear out.
 * @param inputs values of one image
 */
export function tableSentence(rows: readonly ChoiceRow[], inputs: number): string | undefined {
  const [first] = rows
  if (first === undefined) return undefined
  if (rows.length === 1) {
    return `${nameOf(first)}: the input is spread as widely as over ${features(first)} equally strong features of ${grouped(inputs)}.`
  }
  return divisionSentence(rows) ?? spreadSentence(rows, inputs)
}

function divisionSentence(rows: readonly ChoiceRow[]): string | undefined {
  const stored = rows.find((row) => choiceRecord(row.choice.id).stored)
  if (stored === undefined) return undefined
  const divisor = rows.map((row) => divisorOf(stored, row)).find((found) => found !== undefined)
  if (divisor === undefined) return undefined
  const division = `Dividing by ${Number.isInteger(divisor) ? grouped(divisor) : divisor.toPrecision(4)} rescales the axis but leaves the shape unchanged: every pixel keeps its share of the input.`
  const changed = rows
    .filter((row) => !alike(row.effectiveFeatures, stored.effectiveFeatures))
    .sort((a, b) => distance(b, stored) - distance(a, stored))
  const [most] = changed
  if (most === undefined) return division
  return `${division} ${nameOf(most)} changes the shares: ${features(most)} effective features instead of ${features(stored)}${varianceText(stored, most)}.`
}

/** A shift changes the shares of E[y²] alone; what differs between images is told beside it. */
function varianceText(stored: ChoiceRow, row: ChoiceRow): string {
  const [before, after] = [stored, row].map((one) => grouped(Math.round(one.varyingFeatures)))
  return alike(stored.varyingFeatures, row.varyingFeatures)
    ? `, but as many as before by the variance, ${after}`
    : `, and ${after} instead of ${before} by the variance`
}

function distance(row: ChoiceRow, from: ChoiceRow): number {
  return Math.abs(row.effectiveFeatures - from.effectiveFeatures)
}

function spreadSentence(rows: readonly ChoiceRow[], inputs: number): string {
  const sorted = [...rows].sort((a, b) => b.effectiveFeatures - a.effectiveFeatures)
  const widest = sorted[0] as ChoiceRow
  const narrowest = sorted[sorted.length - 1] as ChoiceRow
  if (alike(widest.effectiveFeatures, narrowest.effectiveFeatures)) {
    return `These choices spread the input alike: as over ${features(widest)} equally strong features of ${grouped(inputs)}.`
  }
  return `${nameOf(widest)} spreads the input most widely (${features(widest)} effective features of ${grouped(inputs)}), ${nameOf(narrowest)} least (${features(narrowest)}).`
}
