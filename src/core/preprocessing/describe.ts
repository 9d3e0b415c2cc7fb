import { choiceRecord } from './choices'
import type { FittedPreprocessing, PreprocessingForm } from './preprocessing'

/** The formula with its constants on one line, as code: '(x - 72.9) / 90.0'. */
export function describe({
  choice,
  form,
  parameters,
  height,
  width,
  channels
}: FittedPreprocessing): string {
  switch (form.kind) {
    case 'affine':
      return describeAffine(form, channels, parameters.floor?.[0])
    case 'log':
      return `log(1 + x) / log(${constant(1 + form.max)})`
    case 'image-standardise':
      return `(x - mean_i) / max(std_i, ${constant(1 / Math.sqrt(height * width * channels))})`
    case 'image-range':
    case 'image-length':
    case 'image-equalise':
      return choiceRecord(choice.id).formula
    case 'linear':
      return `U (L + ${constant(parameters.epsilon![0]!)})^-1/2 U^T (x - mean_p)`
    default:
      return unknownForm(form)
  }
}

function describeAffine(
  { centre, divisor }: Extract<PreprocessingForm, { kind: 'affine' }>,
  channels: number,
  floor: number | undefined
): string {
  if (floor !== undefined) return `(x - mean_p) / max(std_p, ${constant(floor)})`
  if (centre.length > channels) return 'x - mean_p'
  const alike = centre.length === 1 && divisor.length === 1 && centre[0] === divisor[0]
  if (alike) return `x / ${constant(divisor[0]!)} - 1`
  const same = centre.every((value) => value === centre[0])
  const shifted = same ? shift(centre[0]!) : `x - ${listed(centre)}`
  if (divisor.every((value) => value === 1)) return shifted
  const by = listed(divisor)
  return shifted === 'x' ? `x / ${by}` : `(${shifted}) / ${by}`
}

function shift(centre: number): string {
  if (centre === 0) return 'x'
  return centre > 0 ? `x - ${constant(centre)}` : `x + ${constant(-centre)}`
}

function listed(values: readonly number[]): string {
  const same = values.every((value) => value === values[0])
  return same ? constant(values[0]!) : `[${values.map(constant).join(', ')}]`
}

/** Three digits or so: 255, 127.5, 72.9, 90.0, 0.286. */
export function constant(value: number): string {
  const size = Math.abs(value)
  if (Number.isInteger(value) && size < 1e9) return String(value)
  if (size >= 1e6 || size < 1e-3) return value.toExponential(2)
  if (size >= 10) return value.toFixed(1)
  return size >= 1 ? value.toFixed(2) : value.toPrecision(3)
}

function unknownForm(form: never): never {
  throw new Error(`Unknown form of preprocessing: ${JSON.stringify(form)}`)
}
