import { featuresOf } from '../../dataset/dataset'
import { NormscopeError } from '../../error'
import { grouped, plain } from '../../numbers'
import type { Summary } from '../../statistics/summary'
import { choice } from '../choice'
import { rangeOf } from '../fitting'

export const LOGARITHM = choice({
  id: 'log',
  name: 'Logarithm',
  shortName: 'Logarithm',
  formula: 'log(1 + x) / log(1 + max)',
  alsoCalled: [{ name: 'log transform', difference: 'which often leaves out the division' }],
  definition:
    'The logarithm of 1 + x, divided by that of 1 + the greatest value of the type. For values from 0 only.',
  colour: { light: '#117733', dark: '#4fb06f', line: 'dashed' },
  first: true,
  fit(summary) {
    const { max, negative, min } = rangeOf(summary)
    if (negative) {
      throw new NormscopeError({
        code: 'log-of-negative',
        message: `The logarithm is for values from 0, but ${negatives(summary)} of the training images are below 0, down to ${plain(min, 4)}.`,
        expected: 'values of 0 or more',
        actual: String(min),
        hint: "Choose 'standardised', 'robust' or 'unit': they fit values below 0."
      })
    }
    return { form: { kind: 'log', max }, parameters: { max: [max] } }
  }
})

/** '12 of 7,840 values': a sign has a leading bit of its own, so the counts by leading bits are exact. */
function negatives({ leadingCounts, shape, count }: Summary): string {
  let below = 0
  leadingCounts?.forEach((values, slot) => {
    if (slot % 65536 < 32768) below += values
  })
  return `${grouped(below)} of ${grouped(count * featuresOf(shape))} values`
}
