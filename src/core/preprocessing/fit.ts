import { NormscopeError } from '../error'
import type { Summary } from '../statistics/summary'
import { PLAIN_KERNELS } from '../statistics/kernels/plain'
import type { ChoiceRecord, ConstantValues, Constants, FitTools } from './choice'
import { choiceRecord, constantsOf } from './choices'
import type { ChoiceSpec, FittedPreprocessing } from './preprocessing'

/**
 * Fits a choice on the summary of the training split.
 * Throws `no-images` where the choice must be fitted and there is nothing to fit it on,
 * `wrong-constants`, and what the choice throws: `log-of-negative`, `no-covariance`, `too-many-features`.
 */
export function fit(
  spec: ChoiceSpec,
  summary: Summary,
  tools: FitTools = { kernels: PLAIN_KERNELS }
): FittedPreprocessing {
  const { height, width, channels } = summary.shape
  const record = choiceRecord(spec.id)
  const constants = checkedConstants(record, spec, channels)
  if (record.needs && summary.count === 0) {
    throw new NormscopeError({
      code: 'no-images',
      message: `'${record.id}' is fitted on the training images, and there are none. Choose one that is not fitted, such as 'unit'.`,
      expected: 'at least one training image',
      actual: '0'
    })
  }
  return { choice: spec, height, width, channels, ...record.fit(summary, constants, tools) }
}

function checkedConstants(
  record: ChoiceRecord,
  spec: ChoiceSpec,
  channels: number
): ConstantValues<Constants> {
  // which constants there are is known at run time only
  const given = spec as unknown as Partial<ConstantValues<Constants>>
  return Object.fromEntries(
    Object.entries(constantsOf(record)).map(([key, { nonZero }]) => {
      const values = given[key] ?? []
      if (values.length !== 1 && values.length !== channels) {
        throw new NormscopeError({
          code: 'wrong-constants',
          message: `The ${record.id} choice has ${values.length} numbers for its ${key}, but the images have ${channels} ${channels === 1 ? 'channel' : 'channels'}. Give one number, or one a channel.`,
          expected: channels === 1 ? '1' : `1 or ${channels}`,
          actual: String(values.length)
        })
      }
      const wrong = values.find((value) => !Number.isFinite(value) || (nonZero && value === 0))
      if (wrong !== undefined) {
        throw new NormscopeError({
          code: 'wrong-constants',
          message: `The ${record.id} choice has ${wrong} as a ${key}. Every constant is a finite number, and no divisor is 0.`,
          actual: String(wrong)
        })
      }
      return [key, values]
    })
  )
}
