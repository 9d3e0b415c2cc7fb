import { CHOICES } from '../../core/preprocessing/choices'
import type { ChoiceId } from '../../core/preprocessing/preprocessing'

type Parameters = Readonly<Record<string, readonly number[]>>

/** Three significant digits at most one decimal for bytes: 72.9, 0.286, 255. */
function short(value: number): string {
  if (Number.isInteger(value)) return String(value)
  const size = Math.abs(value)
  return size >= 10 ? value.toFixed(1) : value.toPrecision(3)
}

/** One constant, or the constants of the channels; undefined when there are too many to show. */
function constant(values: readonly number[] | undefined): string | undefined {
  if (!values || values.length === 0 || values.length > 4) return undefined
  if (values.every((value) => value === values[0])) return short(values[0] ?? NaN)
  return `[${values.map(short).join(', ')}]`
}

/** Names of a formula and the parameters whose values replace them. */
const NAMES: Readonly<Partial<Record<ChoiceId, Readonly<Record<string, string>>>>> = {
  unit: { max: 'max' },
  standardised: { mean_c: 'mean', std_c: 'std' },
  centred: { mean_c: 'mean' },
  robust: { median_c: 'median', IQR_c: 'divisor' },
  log: { max: 'max' },
  custom: { a_c: 'centre', b_c: 'divisor' }
}

/** The formula of a choice, with the constants that the fit found where they are few. */
export function formulaOf(id: ChoiceId, parameters: Parameters | undefined): string {
  const formula = CHOICES.find((choice) => choice.id === id)?.formula ?? ''
  if (!parameters) return formula
  if (id === 'symmetric') {
    // float pixels that go below 0 are divided by their maximum alone: the fit does not say which
    const max = parameters.max?.[0]
    return max === 255 || max === 65535 ? `x / ${max / 2} - 1` : formula
  }
  let text = formula
  for (const [name, parameter] of Object.entries(NAMES[id] ?? {})) {
    const found = constant(parameters[parameter])
    if (found) text = text.replace(name, found)
  }
  return text.replace('- -', '+ ')
}
