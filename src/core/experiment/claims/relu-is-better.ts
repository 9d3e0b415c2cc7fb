import { activationOf } from '../../network/activations'
import type { ActivationId } from '../../network/activations'
import { lossOf } from '../../network/losses'
import type { LossId } from '../../network/losses'
import { percent } from '../../numbers'
import { choiceRecord } from '../../preprocessing/choices'
import type { ResultTable } from '../kind'
import type { OverSeeds } from '../results'
import { accuracyAt, claim, compared, RAW, UNFINISHED, UNIT } from './claim'
import type { Bench } from './claim'

const OPEN = ['relu', 'leaky-relu'] as const satisfies readonly ActivationId[]
const BOUNDED = ['sigmoid', 'tanh'] as const satisfies readonly ActivationId[]
const ACTIVATIONS = [...OPEN, ...BOUNDED]
const LOSSES = ['exact', 'clipped'] as const satisfies readonly LossId[]
const CHOICES = [RAW, UNIT] as const

interface Cell {
  readonly activation: ActivationId
  readonly loss: LossId
  readonly choice: (typeof CHOICES)[number]['choice']['id']
  readonly accuracy: OverSeeds
}

function cellsOf(bench: Bench): Cell[] {
  return LOSSES.flatMap((loss) =>
    CHOICES.flatMap((choice) =>
      ACTIVATIONS.flatMap((activation) => {
        const accuracy = accuracyAt(bench, { ...choice, activation, loss })
        return accuracy ? [{ activation, loss, choice: choice.choice.id, accuracy }] : []
      })
    )
  )
}

/** Whether the worse of the two unbounded functions is above the better of the bounded ones. */
function unboundedAgainstBounded(cells: readonly Cell[]): 'more' | 'less' | 'alike' {
  const of = (ids: readonly ActivationId[]): OverSeeds[] =>
    cells.flatMap(({ activation, accuracy }) => (ids.includes(activation) ? [accuracy] : []))
  const results = of(OPEN).flatMap((a) => of(BOUNDED).map((b) => compared(a, b)))
  if (results.every((one) => one === 'more')) return 'more'
  return results.every((one) => one === 'less') ? 'less' : 'alike'
}

export const RELU_IS_BETTER = claim({
  id: 'relu-is-better',
  quote:
    'ReLU and leaky ReLU are better for pixels that are not normalised; their derivative is 1 above 1.',
  cells: () =>
    LOSSES.flatMap((loss) =>
      CHOICES.flatMap((choice) =>
        ACTIVATIONS.map((activation) => ({ ...choice, activation, loss }))
      )
    ),
  judge(bench) {
    if (bench.config.layers.length === 0) {
      return { verdict: 'open', sentence: 'This network has no hidden layer.' }
    }
    const cells = cellsOf(bench)
    if (cells.length < LOSSES.length * CHOICES.length * ACTIVATIONS.length) return UNFINISHED
    const stored = LOSSES.map((loss) => {
      const own = cells.filter((cell) => cell.loss === loss && cell.choice === 'raw')
      return { loss, own, result: unboundedAgainstBounded(own) }
    })
    const told = stored
      .map(
        ({ loss, own }) =>
          `under the ${lossOf(loss).label} ${own.map(({ activation, accuracy }) => `${activationOf(activation, bench.config).name} ${percent(accuracy.mean)}`).join(', ')}`
      )
      .join('; ')
    const sentence = `On stored pixels: ${told}. The derivative of both is 1 above 0, not only above 1.`
    const results = stored.map(({ result }) => result)
    const verdict = results.every((one) => one === 'more')
      ? 'true'
      : results.every((one) => one === 'less')
        ? 'false'
        : 'depends'
    return { verdict, sentence, tables: [matrix(bench, cells)], data: { cells: cells.map(dataOf) } }
  }
})

const dataOf = ({ accuracy, ...rest }: Cell) => ({
  ...rest,
  accuracy: accuracy.mean,
  std: accuracy.std,
  accuracyBySeed: accuracy.values
})

function matrix(bench: Bench, cells: readonly Cell[]): ResultTable {
  const columns = LOSSES.flatMap((loss) => CHOICES.map(({ choice }) => ({ loss, id: choice.id })))
  return {
    title: 'Test accuracy by activation, loss and choice',
    columns: [
      { title: 'activation' },
      ...columns.map(({ loss, id }) => ({
        title: `${choiceRecord(id).shortName}, ${lossOf(loss).name}`,
        right: true
      }))
    ],
    rows: ACTIVATIONS.map((activation) => [
      activationOf(activation, bench.config).name,
      ...columns.map(({ loss, id }) =>
        percent(
          cells.find(
            (cell) => cell.activation === activation && cell.loss === loss && cell.choice === id
          )?.accuracy.mean
        )
      )
    ])
  }
}
