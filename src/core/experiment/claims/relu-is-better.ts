import { accuracyMatrix } from '../../figure/accuracy'
import type { Figure } from '../../figure/figure'
import { activationOf } from '../../network/activations'
import type { ActivationId } from '../../network/activations'
import { lossOf } from '../../network/losses'
import type { LossId } from '../../network/losses'
import { percent } from '../../numbers'
import { choiceRecord } from '../../preprocessing/choices'
import type { ResultTable } from '../kind'
import {
  accuracyAt,
  claim,
  compared,
  noActivation,
  RAW,
  undecided,
  UNFINISHED,
  UNIT
} from './claim'
import type { Bench, Comparison, Measured } from './claim'
import { meanText } from './figures'

const OPEN = ['relu', 'leaky-relu'] as const satisfies readonly ActivationId[]
const BOUNDED = ['sigmoid', 'tanh'] as const satisfies readonly ActivationId[]
const ACTIVATIONS = [...OPEN, ...BOUNDED]
const LOSSES = ['exact', 'clipped'] as const satisfies readonly LossId[]
const CHOICES = [RAW, UNIT] as const

interface Cell {
  readonly activation: ActivationId
  readonly loss: LossId
  readonly choice: (typeof CHOICES)[number]['choice']['id']
  readonly accuracy: Measured
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

/** What each unbounded function is beside each bounded one: 'more' and 'less' only where all agree. */
function unboundedAgainstBounded(cells: readonly Cell[]): Comparison | 'mixed' {
  const of = (ids: readonly ActivationId[]): Measured[] =>
    cells.flatMap(({ activation, accuracy }) => (ids.includes(activation) ? [accuracy] : []))
  const results = of(OPEN).flatMap((a) => of(BOUNDED).map((b) => compared(a, b)))
  const [first] = results
  if (first && results.every((one) => one === first)) return first
  // what is seen already contradicts itself, whatever the rest would say
  const settled = new Set(results.filter((one) => one !== 'unclear'))
  return settled.size > 1 ? 'mixed' : 'unclear'
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
    const inactive = noActivation(bench)
    if (inactive) return inactive
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
    const rest = {
      figures: [matrixFigure(bench, cells, sentence)],
      tables: [matrix(bench, cells)],
      data: { cells: cells.map(dataOf) }
    }
    const learned = stored.filter(({ result }) => result !== 'untrained')
    const results = learned.map(({ result }) => result)
    if (results.length === 0) return undecided('untrained', sentence, rest)
    if (results.includes('unclear')) return undecided('spread', sentence, rest)
    const all = (wanted: Comparison): boolean => results.every((one) => one === wanted)
    const verdict = all('more') ? 'true' : all('less') || all('alike') ? 'false' : 'depends'
    const only =
      learned.length < stored.length
        ? ` Under the other loss none of these networks has learned anything, so this is of the ${lossOf(learned[0]!.loss).label} alone.`
        : ''
    const none = all('alike') ? ' No difference between these four is seen.' : ''
    return { verdict, sentence: `${sentence}${none}${only}`, ...rest }
  }
})

const dataOf = ({ accuracy, ...rest }: Cell) => ({
  ...rest,
  accuracy: accuracy.mean,
  std: accuracy.std,
  accuracyBySeed: accuracy.values
})

const COLUMNS = LOSSES.flatMap((loss) => CHOICES.map(({ choice }) => ({ loss, id: choice.id })))
const columnName = ({ loss, id }: (typeof COLUMNS)[number]): string =>
  `${choiceRecord(id).shortName}, ${lossOf(loss).name}`

const cellAt = (
  cells: readonly Cell[],
  activation: ActivationId,
  { loss, id }: (typeof COLUMNS)[number]
): number | undefined =>
  cells.find((cell) => cell.activation === activation && cell.loss === loss && cell.choice === id)
    ?.accuracy.mean

function matrix(bench: Bench, cells: readonly Cell[]): ResultTable {
  return {
    title: 'Test accuracy by activation, loss and choice',
    columns: [
      { title: 'activation' },
      ...COLUMNS.map((column) => ({ title: columnName(column), right: true }))
    ],
    rows: ACTIVATIONS.map((activation) => [
      activationOf(activation, bench.config).name,
      ...COLUMNS.map((column) => percent(cellAt(cells, activation, column)))
    ])
  }
}

function matrixFigure(bench: Bench, cells: readonly Cell[], summary: string): Figure {
  const names = ACTIVATIONS.map((activation) => activationOf(activation, bench.config).name)
  return {
    id: 'claims-activations',
    title: 'Accuracy by activation, loss and choice',
    subtitle: `test images, ${meanText(bench)}`,
    definition:
      'Accuracy on the test images at the end of training, mean over the seeds: of the same network with the activation of the row, on the pixels and under the loss of the column.',
    summary,
    ...accuracyMatrix(
      { label: 'activation', names },
      { label: 'choice and loss', names: COLUMNS.map(columnName) },
      (row, column) => cellAt(cells, ACTIVATIONS[row]!, COLUMNS[column]!)
    )
  }
}
