import { z } from 'zod'
import { listText } from '../../figure/words'
import { accuracyMatrix } from '../../figure/accuracy'
import type { Figure } from '../../figure/figure'
import { grouped, percent } from '../../numbers'
import { choiceRecord } from '../../preprocessing/choices'
import type { ChoiceSpec } from '../../preprocessing/preprocessing'
import { choiceSpec, runConfig } from '../../study/config-schema'
import { canonicalJson } from '../../study/json'
import type { RunRecord } from '../../study/run'
import { experimentKind, runOf } from '../kind'
import type { ExperimentFacts, ResultTable } from '../kind'
import {
  chanceAmong,
  endingNotes,
  fewSeedsText,
  hasLearned,
  overSeeds,
  overSeedsText,
  seedNotes,
  spreadOf,
  withError
} from '../results'
import type { OverSeeds } from '../results'
import { seedList } from '../seeds'

/** More would make a matrix that no one reads. */
const MAX_CHOICES = 15

const askSchema = z.strictObject({
  config: runConfig,
  choices: z.array(choiceSpec).min(2).max(MAX_CHOICES),
  seeds: seedList
})
type Ask = z.infer<typeof askSchema>

/** Test accuracy of networks trained under one choice and tested under another. */
interface Cell {
  readonly trained: ChoiceSpec
  readonly tested: ChoiceSpec
  readonly accuracy: OverSeeds
  /** whether the network has learned anything under its own choice: else it has nothing to lose */
  readonly learned: boolean
}

const nameOf = ({ id }: ChoiceSpec): string => choiceRecord(id).name

const configsOf = ({ config, choices, seeds }: Ask) =>
  choices.flatMap((choice) =>
    seeds.map((seed) => ({ ...config, choice, seed, testChoices: choices }))
  )

function cellsOf({ config, choices, seeds }: Ask, runs: readonly RunRecord[]): Cell[] {
  return choices.flatMap((trained) => {
    const own = seeds.flatMap((seed) => {
      const run = runOf(runs, { ...config, choice: trained, seed, testChoices: choices })
      return run?.status === 'finished' ? [run] : []
    })
    const of = (tested: ChoiceSpec): OverSeeds | undefined => {
      const key = canonicalJson(tested)
      const found = overSeeds(
        own.flatMap(
          ({ testedUnder }) =>
            testedUnder?.find(({ choice }) => canonicalJson(choice) === key)?.accuracy ?? []
        )
      )
      return found && withError(found, own[0])
    }
    const right = of(trained)
    const learned = right === undefined || hasLearned(right.mean, own[0])
    return choices.flatMap((tested) => {
      const accuracy = of(tested)
      return accuracy ? [{ trained, tested, accuracy, learned }] : []
    })
  })
}

const isOwn = ({ trained, tested }: Cell): boolean =>
  canonicalJson(trained) === canonicalJson(tested)

/** Who forgets the choice at prediction, or takes another one: what that costs. */
export const MISMATCH = experimentKind({
  id: 'mismatch',
  name: 'Another choice at prediction',
  question: 'What happens when the network is trained under one choice and tested under another?',
  ask: askSchema,
  offer: ({ to, choices, seeds }): Ask => ({
    config: to,
    choices: choices.length > 1 ? [...choices] : [{ id: 'raw' }, { id: 'unit' }],
    seeds
  }),
  fields: [{ key: 'seeds', type: 'seeds', name: 'Seeds', help: 'networks per choice' }],
  choices: () => [],
  images: ({ config: { limit, classes } }) => ({ limit, classes }),
  plan: configsOf,
  outcome(ask, facts, runs) {
    const cells = cellsOf(ask, runs)
    const figure = matrixFigure(ask, cells, facts)
    const counts = cells.map(({ accuracy }) => accuracy.values.length)
    return {
      sentence: mismatchSentence(ask, cells),
      figures: figure ? [figure] : [],
      tables: cells.length > 0 ? [matrixTable(ask, cells)] : [],
      notes: [
        ...endingNotes(configsOf(ask), runs),
        ...uselessNotes(cells, chanceAmong(runs)),
        ...(counts.length > 0 ? seedNotes(Math.min(...counts)) : [])
      ],
      data: {
        cells: cells.map(({ trained, tested, accuracy }) => ({
          ...{ trained, tested, accuracy: accuracy.mean, std: accuracy.std },
          accuracyBySeed: accuracy.values
        }))
      }
    }
  }
})

/** A network that has learned nothing has nothing to lose. */
function uselessNotes(cells: readonly Cell[], chance: number | undefined): string[] {
  const names = cells.flatMap((cell) =>
    chance !== undefined && isOwn(cell) && !cell.learned ? [`“${nameOf(cell.trained)}”`] : []
  )
  if (names.length === 0) return []
  return [
    `Under ${listText(names)}, the network is no better than always naming the most frequent class (${percent(chance)}), even with its own choice: it says nothing of a mismatch.`
  ]
}

/** The greatest loss beside what the same networks reach under their own choice, and who loses none. */
function mismatchSentence({ choices, seeds }: Ask, cells: readonly Cell[]): string {
  if (cells.length < choices.length ** 2)
    return 'The matrix is not complete: some networks have not been trained.'
  const own = new Map(cells.filter(isOwn).map((cell) => [canonicalJson(cell.trained), cell]))
  const pairs = cells
    .filter((cell) => !isOwn(cell) && cell.learned)
    .map((cell) => {
      const right = own.get(canonicalJson(cell.trained))!.accuracy
      return { cell, right, loss: right.mean - cell.accuracy.mean }
    })
    .sort((a, b) => b.loss - a.loss)
  const [worst] = pairs
  if (!worst) {
    return 'Nothing is said of a mismatch: no network here is better than always naming the most frequent class, even under its own choice.'
  }
  const few = fewSeedsText(seeds.length)
  const isSpared = ({ cell, right, loss }: (typeof pairs)[number]): boolean =>
    loss <= spreadOf(right, cell.accuracy)
  if (isSpared(worst)) {
    return `No difference seen: these networks do as well under each of these choices as under their own.${few}`
  }
  const { trained, tested, accuracy } = worst.cell
  const spared = pairs.filter(isSpared)
  const none =
    spared.length === 0
      ? seeds.length > 1
        ? ' Every pair loses more than its seeds spread.'
        : ''
      : ` No loss is seen in ${spared.length} of ${pairs.length} pairs: ${listText(
          spared
            .slice(0, 3)
            .map(({ cell }) => `${nameOf(cell.trained)} tested as ${nameOf(cell.tested)}`)
        )}${spared.length > 3 ? ' among them' : ''}.`
  return `Trained under “${nameOf(trained)}”, the network reaches ${percent(worst.right.mean)}; given images under “${nameOf(tested)}”, the same network falls to ${overSeedsText(accuracy)}.${none}${few}`
}

function matrixTable({ choices }: Ask, cells: readonly Cell[]): ResultTable {
  return {
    title: 'Test accuracy: trained under the row, tested under the column',
    columns: [
      { title: 'trained under' },
      ...choices.map((choice) => ({ title: choiceRecord(choice.id).shortName, right: true }))
    ],
    rows: choices.map((trained) => [
      choiceRecord(trained.id).shortName,
      ...choices.map((tested) => percent(accuracyAt(cells, trained, tested)))
    ])
  }
}

function accuracyAt(
  cells: readonly Cell[],
  trained: ChoiceSpec,
  tested: ChoiceSpec
): number | undefined {
  const [row, column] = [canonicalJson(trained), canonicalJson(tested)]
  return cells.find(
    (cell) => canonicalJson(cell.trained) === row && canonicalJson(cell.tested) === column
  )?.accuracy.mean
}

function matrixFigure(
  { choices, seeds }: Ask,
  cells: readonly Cell[],
  { testCount }: ExperimentFacts
): Figure | undefined {
  if (cells.length === 0) return undefined
  const names = choices.map(({ id }) => choiceRecord(id).shortName)
  return {
    id: 'mismatch',
    title: 'Test accuracy under another choice',
    subtitle: `trained under the row, tested under the column; mean of ${seeds.length === 1 ? 'one seed' : `${seeds.length} seeds`}, ${grouped(testCount)} test images`,
    definition:
      'Each network is trained under the choice of its row and tested, without further training, with the same test images under the choice of the column. All choices are fitted on the training images. The diagonal is the network under its own choice.',
    summary: mismatchSentence({ choices, seeds } as Ask, cells),
    ...accuracyMatrix(
      { label: 'trained under', names },
      { label: 'tested under', names },
      (row, column) => accuracyAt(cells, choices[row]!, choices[column]!)
    )
  }
}
