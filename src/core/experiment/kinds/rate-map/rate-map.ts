import { rateMapFigure } from '../../../figure/rate-map'
import { plain } from '../../../numbers'
import { choiceRecord } from '../../../preprocessing/choices'
import { AS_CHOSEN } from '../../../preprocessing/input'
import type { ExperimentFacts } from '../../../study/experiment'
import type { RunRecord } from '../../../study/run'
import { SETTINGS } from '../../../network/settings'
import { experimentKind, newConfigs, runOf } from '../../kind'
import type { ResultTable } from '../../kind'
import {
  accuracies,
  endingNotes,
  ENOUGH_SEEDS,
  hasLearned,
  overSeeds,
  seedNotes,
  seedsText
} from '../../results'
import type { OverSeeds } from '../../results'
import {
  askSchema,
  cellConfig,
  comparedValues,
  compares,
  gridOf,
  MAP_RUN,
  MAP_SCALES,
  POINTS,
  storedConfig
} from './ask'
import type { Ask, Grid } from './ask'
import { MAP_AXES, mapAxisOf } from './axes'
import { benefitOf, benefitText } from './benefit'
import { powerOf, ridgeOf } from './ridge'
import type { Ridge } from './ridge'

/** Powers of the scale that differ by less, or by less than their spread over seeds, agree. */
const POWER_AGREES = 0.25

interface Column {
  readonly scale: number
  /** one for each value of the grid */
  readonly cells: readonly { readonly value: number; readonly accuracy?: OverSeeds }[]
  readonly ridge?: Ridge
  /** by seed, in the order of the ask */
  readonly ridges: readonly (Ridge | undefined)[]
}

function plannedOf(ask: Ask) {
  const grid = gridOf(ask)
  const map = grid.scales.flatMap((scale) =>
    grid.values.flatMap((value) => ask.seeds.map((seed) => cellConfig(ask, scale, value, seed)))
  )
  if (!compares(ask)) return newConfigs(map, [])
  const compared = comparedValues(grid).flatMap((value) =>
    ask.seeds.flatMap((seed) => [cellConfig(ask, 1, value, seed), storedConfig(ask, value, seed)])
  )
  return newConfigs([...map, ...compared], [])
}

function columnsOf(ask: Ask, { scales, values }: Grid, runs: readonly RunRecord[]): Column[] {
  return scales.map((scale) => {
    const bySeed = ask.seeds.map((seed) =>
      values.map((value) => {
        const run = runOf(runs, cellConfig(ask, scale, value, seed))
        return { value, run, accuracy: accuracies(run ? [run] : [])?.mean }
      })
    )
    const cells = values.map((value, at) => ({
      value,
      accuracy: accuracies(bySeed.flatMap((cellsOfSeed) => cellsOfSeed[at]?.run ?? []))
    }))
    const some = bySeed.flat().flatMap(({ run }) => run ?? [])[0]
    // where nothing has been learned the best is the best of chance
    const learned = (ridge: Ridge | undefined): Ridge | undefined =>
      ridge && hasLearned(ridge.best.accuracy, some) ? ridge : undefined
    const means = cells.map(({ value, accuracy }) => ({ value, accuracy: accuracy?.mean }))
    return {
      ...{ scale, cells },
      ridge: learned(ridgeOf(means)),
      ridges: bySeed.map((of) => learned(ridgeOf(of)))
    }
  })
}

/** The measured power of the scale: one for each seed, from columns whose best lies within the map. */
function powersOf(columns: readonly Column[], seeds: readonly number[]): OverSeeds | undefined {
  return overSeeds(
    seeds.flatMap((_, at) => {
      const points = columns.flatMap(({ scale, ridges }) => {
        const ridge = ridges[at]
        return ridge && !ridge.open ? [{ x: scale, y: ridge.middle }] : []
      })
      return powerOf(points) ?? []
    })
  )
}

function powerText({ axis }: Ask, { power }: Grid, measured: OverSeeds | undefined): string {
  const { name } = mapAxisOf(axis)
  const predicted = power === 0 ? 'that it does not vary' : `scale^${plain(power, 3)}`
  if (!measured) {
    return `The best ${name} lies within the map at too few scales to say how it varies with the scale; the prediction is ${predicted}.`
  }
  const middle = plain(measured.mean, 2)
  const found = measured.std === undefined ? middle : `(${middle} ± ${plain(measured.std, 2)})`
  const off = Math.abs(measured.mean - power)
  const agrees = off <= Math.max(POWER_AGREES, measured.std ?? 0)
  const seeds = measured.values.length
  const follows =
    seeds < ENOUGH_SEEDS
      ? `; with ${seedsText(seeds)} it is not decided whether it follows that`
      : agrees
        ? ''
        : ', which it does not follow'
  return `The best ${name} varies as scale^${found}; the prediction is ${predicted}${follows}.`
}

function ridgeTable({ axis }: Ask, { base, power }: Grid, columns: readonly Column[]): ResultTable {
  const { name } = mapAxisOf(axis)
  const titles = ['input scale', `best ${name}`, 'accuracy there', 'as good, middle', 'predicted']
  return {
    title: `The best ${name} at each scale`,
    columns: titles.map((title) => ({ title, right: true })),
    rows: columns.map(({ scale, ridge }) => [
      plain(scale, 3),
      plain(ridge?.best.value, 3),
      ridge ? `${(100 * ridge.best.accuracy).toFixed(1)} %` : '–',
      ridge ? `${plain(ridge.middle, 3)}${ridge.open ? ' (at the end)' : ''}` : '–',
      plain(base * scale ** power, 3)
    ])
  }
}

function notesOf(ask: Ask, runs: readonly RunRecord[]): string[] {
  const planned = plannedOf(ask)
  const { config, rest } = ask
  const { power } = gridOf(ask)
  const images = config.limit === undefined ? 'all images' : `${plain(config.limit)} images`
  const each = `${images} and ${config.epochs} ${config.epochs === 1 ? 'epoch' : 'epochs'}`
  return [
    `${planned.length} runs of ${each} each. The best of the values is chosen on the test images.`,
    ...(power === 0 && rest === 'stay'
      ? [
          'A normalisation takes the scale of the input away, so the loss is the same function of the weights at any scale: no best value is predicted to move. That holds where the variance that it normalises is far above its epsilon, not at very small scales.'
        ]
      : []),
    rest === 'stay'
      ? power === 0
        ? 'Later layers have the setting too.'
        : 'The prediction is that of the first layer alone, moved along with all its settings; here the others stay, and later layers have the setting too.'
      : 'The rest of the first layer moves with the scale: on the predicted line all runs are the same training.',
    ...endingNotes(planned, runs),
    ...seedNotes(ask.seeds.length)
  ]
}

/** The place of stored values on the axis of scales, where the choice is a factor on them. */
function storedScale({ config }: Ask, { inputs }: ExperimentFacts): number | undefined {
  const affine = inputs[0]?.affine
  return affine && affine.offset === 0 && config.choice.id !== 'raw' ? 1 / affine.scale : undefined
}

/** Accuracy by the scale of the input and one setting, and whether the best moves as predicted. */
export const RATE_MAP = experimentKind({
  id: 'rate-map',
  name: 'Map of input scale and setting',
  question:
    'How does the best learning rate (or initial weights, or weight decay) change with the scale of the input, and how much of a choice’s gain does it give alone?',
  ask: askSchema,
  offer: ({ to, seeds }): Ask => ({
    config: { ...to, input: AS_CHOSEN, startBias: 'zero', ...MAP_RUN },
    ...{ axis: 'rate', rest: 'stay', points: MAP_SCALES.points, seeds: seeds.slice(0, 1) }
  }),
  fields: [
    {
      ...{ key: 'axis', type: 'option', name: 'Setting', help: 'varied against the input’s scale' },
      options: MAP_AXES.map(({ id, name }) => ({ value: id, name }))
    },
    {
      ...{ key: 'rest', type: 'option', name: 'The rest', help: 'of the first layer' },
      options: [
        { value: 'stay', name: 'stays as it is' },
        { value: 'move', name: 'moves with the scale' }
      ]
    },
    {
      ...{ key: 'points', type: 'number', limits: POINTS },
      ...{ name: 'Points', help: 'scales, and as many values' }
    },
    { key: 'seeds', type: 'seeds', name: SETTINGS.seeds.name, help: 'runs per cell' }
  ],
  choices: ({ config }) => [config.choice],
  images: ({ config: { limit, classes } }) => ({ limit, classes }),
  plan: plannedOf,
  outcome(ask, facts, runs) {
    const grid = gridOf(ask)
    const columns = columnsOf(ask, grid, runs)
    const power = powersOf(columns, ask.seeds)
    const benefit = benefitOf(ask, runs)
    const measured = columns.some(({ cells }) => cells.some(({ accuracy }) => accuracy))
    const known = columns.some(({ ridge }) => ridge)
    const { name } = mapAxisOf(ask.axis)
    const figure = rateMapFigure({
      ...{ choice: ask.config.choice, name, ...grid },
      accuracy: columns.map(({ cells }) => cells.map(({ accuracy }) => accuracy?.mean)),
      best: columns.flatMap(({ scale, ridge }) =>
        ridge ? [{ scale, value: ridge.best.value }] : []
      ),
      storedScale: storedScale(ask, facts),
      moves: ask.rest === 'move',
      seeds: ask.seeds.length
    })
    return {
      sentence: known
        ? [powerText(ask, grid, power), benefitText(ask, benefit)].filter(Boolean).join(' ')
        : measured
          ? 'Nothing is said: no network of this map is better than always naming the most frequent class.'
          : 'No run has finished.',
      figures: measured ? [figure] : [],
      tables: [ridgeTable(ask, grid, columns)],
      notes: notesOf(ask, runs),
      data: {
        axis: ask.axis,
        ...grid,
        choice: choiceRecord(ask.config.choice.id).id,
        predictedPower: grid.power,
        measuredPower: power && { mean: power.mean, std: power.std, bySeed: power.values },
        cells: columns.flatMap(({ scale, cells }) =>
          cells.map(({ value, accuracy }) => ({
            ...{ scale, value },
            accuracy: accuracy?.mean,
            std: accuracy?.std
          }))
        ),
        ridge: columns.map(({ scale, ridge }) => ({ scale, ...ridge })),
        benefit
      }
    }
  }
})
