import { choiceRecord } from './choices'
import { formRecord } from './forms/forms'
import type { FittedPreprocessing } from './preprocessing'
import { snippetLines } from './snippet'
import type { Framework } from './snippet'

export { FRAMEWORK_NAMES, FRAMEWORKS } from './snippet'
export type { Framework } from './snippet'

/** The formula with its constants on one line, as code: '(x - 72.9) / 90.0'. */
export function describe(fitted: FittedPreprocessing): string {
  const record = choiceRecord(fitted.choice.id)
  return (
    record.describe?.(fitted.parameters) ??
    formRecord(fitted.form).describe?.(fitted.form, fitted) ??
    record.formula
  )
}

/**
 * A snippet that does what the fitted choice does, with its constants, in the way of the framework.
 * `preprocess` takes a batch of images as they are stored, bytes, 16-bit or float, and gives
 * float32: (N, height, width, channels), for PyTorch (N, channels, height, width).
 * Constants of each pixel are too many to write out: those snippets take them from the training
 * images `x_train`, as the fit does.
 */
export function code(fitted: FittedPreprocessing, framework: Framework): string {
  const { form, parameters } = fitted
  const record = choiceRecord(fitted.choice.id)
  const snippets = record.snippets?.(parameters) ?? formRecord(form).snippets?.(form, fitted)
  if (!snippets) throw new TypeError(`"${record.id}" has constants of each pixel and no snippets.`)
  return `${snippetLines(snippets, framework, record.remark?.(parameters)).join('\n')}\n`
}
