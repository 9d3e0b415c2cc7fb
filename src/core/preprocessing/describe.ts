import { choiceRecord } from './choices'
import { formRecord } from './forms/forms'
import type { FittedPreprocessing } from './preprocessing'

/** The formula with its constants on one line, as code: '(x - 72.9) / 90.0'. */
export function describe(fitted: FittedPreprocessing): string {
  const record = choiceRecord(fitted.choice.id)
  return (
    record.describe?.(fitted.parameters) ??
    formRecord(fitted.form).describe?.(fitted.form, fitted) ??
    record.formula
  )
}
