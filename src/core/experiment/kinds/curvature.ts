import { z } from 'zod'
import { curvatureFigures } from '../../figure/curvature'
import type { ChoiceCurvature, Trained } from '../../figure/curvature'
import { optimiserOf } from '../../network/optimisers'
import { outputOf } from '../../network/outputs'
import type { RunConfig } from '../../network/config'
import { firstLayer } from '../../network/layers/first-layer'
import { plain } from '../../numbers'
import { choiceRecord } from '../../preprocessing/choices'
import { AS_CHOSEN } from '../../preprocessing/input'
import { choiceSpec, runConfig } from '../../study/config-schema'
import type { ExperimentFacts, InputFacts } from '../../study/experiment'
import type { RunRecord } from '../../study/run'
import { lowerFirst } from '../../text'
import { lastEpoch } from '../../explanation/finding'
import { experimentKind, runOf } from '../kind'
import type { ResultTable } from '../kind'
import { rateAt, searchRate } from '../rate-search'
import type { RateSearch, Trial } from '../rate-search'
import { endingNotes, fewSeedsText, overSeeds, seedNotes } from '../results'
import { seedList } from '../seeds'

/** Training images and epochs of each trial, unless a person says otherwise. */
export const TRIAL = { limit: 10_000, epochs: 1 } as const
/** Products of rate and eigenvalue this far apart are called the same; eigenvalues must differ by more. */
const ALIKE = 2

const START = ['alike', 'as-set'] as const

const askSchema = z.strictObject({
  /** SGD, whose rate is searched for: the one it names is not used */
  config: runConfig.refine(({ optimiser }) => optimiser.id === 'sgd', {
    path: ['optimiser'],
    message: 'SGD without momentum, for which the largest stable rate is 2 / curvature'
  }),
  choices: z.array(choiceSpec).min(1).max(20),
  seeds: seedList,
  /** 'alike': the first layer's initial weights are divided by the root mean square of its input */
  start: z.enum(START)
})
type Ask = z.infer<typeof askSchema>

interface Trials {
  readonly seed: number
  readonly guess: number
  readonly search: RateSearch
  /** all that the search asks for, trained or not */
  readonly configs: readonly RunConfig[]
}

/** The loss of always giving the classes' shares, in nats: what a network that learned nothing has. */
function constantLoss({ config, testClassCounts }: RunRecord, classes: number): number {
  const counts =
    config.classes?.map((label) => testClassCounts?.[label] ?? 0) ?? testClassCounts ?? []
  const images = counts.reduce((sum, count) => sum + count, 0)
  if (images === 0) return Math.log(classes)
  return counts.reduce((sum, count) => {
    return count === 0 ? sum : sum - (count / images) * Math.log(count / images)
  }, 0)
}

/** undefined where the run says nothing: it has not ended, or was ended */
function trialOf(run: RunRecord | undefined, classes: number): Trial | undefined {
  if (run?.status === 'diverged') return 'fails'
  const loss = run?.status === 'finished' ? lastEpoch(run)?.trainLoss : undefined
  if (!run || loss === undefined) return undefined
  return loss < constantLoss(run, classes) ? 'trains' : 'fails'
}

function trials(
  { config, start }: Ask,
  seed: number,
  { choice, mean, std, curvature }: InputFacts,
  { classes }: ExperimentFacts,
  runs: readonly RunRecord[]
): Trials | undefined {
  if (!curvature) return undefined
  const size = Math.hypot(mean, std)
  const [first = 1, ...rest] = config.initFactors
  const factor = start === 'alike' && size > 0 ? Number((first / size).toPrecision(6)) : first
  const guess = 2 / (outputOf(config.output).hessian.most * curvature.largest)
  const at = (index: number): RunConfig => ({
    ...config,
    choice,
    seed,
    initFactors: [factor, ...rest],
    optimiser: { ...config.optimiser, learningRate: rateAt(guess, index) }
  })
  const search = searchRate((index) => trialOf(runOf(runs, at(index)), classes))
  return { seed, guess, search, configs: search.indices.map(at) }
}

function allTrials(ask: Ask, facts: ExperimentFacts, runs: readonly RunRecord[]) {
  return facts.inputs.map((input) => ({
    input,
    seeds: ask.seeds.flatMap((seed) => trials(ask, seed, input, facts, runs) ?? [])
  }))
}

/** How steep the loss is along the first layer's weights, and the largest rate that it allows. */
export const CURVATURE = experimentKind({
  id: 'curvature',
  name: 'Curvature and learning rate',
  question:
    'How large may the learning rate be for SGD under each choice, and is that what the curvature of its input says?',
  ask: askSchema,
  offer: ({ to, choices, seeds }): Ask => ({
    config: {
      ...to,
      input: AS_CHOSEN,
      ...TRIAL,
      optimiser: { ...to.optimiser, id: 'sgd', learningRate: optimiserOf('sgd').learningRate }
    },
    choices: [...choices],
    seeds,
    start: 'alike'
  }),
  fields: [
    { key: 'seeds', type: 'seeds', name: 'Seeds', help: 'searches per choice' },
    {
      key: 'start',
      type: 'option',
      name: 'Initial weights',
      help: 'divided by the root mean square of the input, so that all choices start alike, or as they are set',
      options: [
        { value: 'alike', name: 'for the input’s size' },
        { value: 'as-set', name: 'as they are set' }
      ]
    }
  ],
  choices: ({ choices }) => choices,
  images: ({ config: { limit, classes } }) => ({ limit, classes }),
  needs: ['curvature'],
  plan: (ask, facts, runs) =>
    allTrials(ask, facts, runs).flatMap(({ seeds }) => seeds.flatMap(({ configs }) => configs)),
  outcome(ask, facts, runs) {
    const { most, even } = outputOf(ask.config.output).hessian
    const bounds = { always: 2 / most, even: 2 / even(facts.classes) }
    const searched = allTrials(ask, facts, runs)
    const found = searched.flatMap(({ input, seeds }) => {
      const { choice, curvature } = input
      if (!curvature) return []
      const rates = seeds.map(({ seed, guess, search }) => ({
        seed,
        rate: search.found === undefined ? undefined : rateAt(guess, search.found),
        open: search.open
      }))
      const logs = overSeeds(
        rates.flatMap(({ rate }) => (rate === undefined ? [] : Math.log(rate)))
      )
      const trained = seeds.flatMap(({ configs }) =>
        configs.flatMap((config): Trained[] => {
          const run = runOf(runs, config)
          const loss = run?.status === 'finished' ? lastEpoch(run)?.trainLoss : undefined
          return loss === undefined ? [] : [{ rate: config.optimiser.learningRate, loss }]
        })
      )
      return [
        { choice, curvature, rates, trained, ...(logs && { rate: Math.exp(logs.mean), logs }) }
      ]
    })
    const planned = searched.flatMap(({ seeds }) => seeds.flatMap(({ configs }) => configs))
    const some = planned.map((config) => runOf(runs, config)).find((run) => run !== undefined)
    const floor = some ? constantLoss(some, facts.classes) : Math.log(facts.classes)
    const linear = ask.config.layers.length === 0
    return {
      sentence: `${sentenceOf(ask, found, bounds)}${found.some(({ rate }) => rate !== undefined) ? fewSeedsText(ask.seeds.length) : ''}`,
      figures: curvatureFigures(found, { ...bounds, constantLoss: floor, linear }),
      tables: [eigenvalueTable(found), rateTable(found, bounds.always)],
      notes: [
        ...notesOf(ask, found),
        ...endingNotes(planned, runs, ['finished', 'diverged']),
        ...seedNotes(ask.seeds.length)
      ],
      data: {
        bounds,
        choices: found.map(({ choice, curvature, rates, rate }) => ({
          choice,
          ...curvature,
          twoOverLargest: 2 / curvature.largest,
          alwaysStable: bounds.always / curvature.largest,
          rateBySeed: rates,
          rate,
          timesLargest: rate === undefined ? undefined : rate * curvature.largest
        }))
      }
    }
  }
})

type Found = ChoiceCurvature & {
  readonly rates: readonly {
    readonly seed: number
    readonly rate?: number
    readonly open?: RateSearch['open']
  }[]
}

const shortName = ({ choice }: Found): string => lowerFirst(choiceRecord(choice.id).shortName)
const ratio = (values: readonly number[]): number => Math.max(...values) / Math.min(...values)

function sentenceOf(
  ask: Ask,
  found: readonly Found[],
  bounds: { readonly always: number; readonly even: number }
): string {
  const done = found.flatMap((of) =>
    of.rate === undefined ? [] : [{ of, rate: of.rate, product: of.rate * of.curvature.largest }]
  )
  const [first] = done
  if (!first) return 'No largest rate has been found yet.'
  const network = ask.config.layers.length === 0 ? 'linear classifier' : 'network'
  const holds = boundHolds(ask.config)
  const theory = `${plain(bounds.always, 3)} / λ at any weights and ${plain(bounds.even, 3)} / λ where all classes are equally probable`
  const of = ask.config.layers.length === 0 ? '' : ' for a linear classifier'
  const says = holds
    ? `; theory says ${theory}${of}`
    : '; the bounds are those of a dense first layer on these values, not of this one'
  if (done.length === 1) {
    return `With the choice “${shortName(first.of)}” this ${network} trains up to a learning rate of ${plain(first.rate, 3)}, ${plain(first.product, 3)} / λ for the largest eigenvalue λ = ${plain(first.of.curvature.largest, 3)}${says}.`
  }
  const products = done.map(({ product }) => product)
  const largest = ratio(done.map(({ of: { curvature } }) => curvature.largest))
  const told = `${plain(Math.min(...products), 3)} to ${plain(Math.max(...products), 3)} / λ`
  const start = `Over ${done.length} choices, whose largest eigenvalue λ differs by a factor ${plain(largest, 3)}, this ${network} trains up to ${told}`
  if (largest < ALIKE * ratio(products)) {
    return `${start}: the eigenvalues differ too little to say whether the rate follows them${says}.`
  }
  return ratio(products) <= ALIKE
    ? `${start}: the largest rate goes as 1 / λ${says}.`
    : `${start}: the largest rate falls with λ, but not as 1 / λ alone${says}.`
}

function eigenvalueTable(found: readonly Found[]): ResultTable {
  const titles = ['largest', 'smallest not 0', 'that are 0', 'condition number', 'images']
  return {
    title: 'Eigenvalues of E[x xᵀ]',
    columns: [{ title: 'choice' }, ...titles.map((title) => ({ title, right: true }))],
    rows: found.map(({ choice, curvature }) => [
      choiceRecord(choice.id).name,
      plain(curvature.largest),
      plain(curvature.smallest),
      curvature.zero === undefined ? '–' : `${curvature.zero} of ${curvature.inputs}`,
      plain(curvature.condition),
      plain(curvature.images)
    ])
  }
}

function rateTable(found: readonly Found[], always: number): ResultTable {
  const titles = [
    '2 / largest',
    `${plain(always)} / largest`,
    'trains up to',
    'over seeds',
    'times largest'
  ]
  return {
    title: 'Learning rates',
    columns: [{ title: 'choice' }, ...titles.map((title) => ({ title, right: true }))],
    rows: found.map(({ choice, curvature: { largest }, rate, rates }) => {
      const each = rates.flatMap(({ rate: of }) => of ?? [])
      return [
        choiceRecord(choice.id).name,
        plain(2 / largest, 3),
        plain(always / largest, 3),
        plain(rate, 3),
        each.length > 1 ? `${plain(Math.min(...each), 3)} to ${plain(Math.max(...each), 3)}` : '–',
        plain(rate === undefined ? undefined : rate * largest, 3)
      ]
    })
  }
}

/** What the first layer sees, where λ is not of that, and what stands behind it. */
function layerNotes(config: RunConfig): string[] {
  if (config.layers.length === 0) return []
  const { before, behind, seesValues } = firstLayer(config)
  return [
    ...(before !== undefined
      ? [
          'λ is that of the choice’s values. The network normalises them before its first weights, so its first layer has another λ, which does not depend on their scale: no bound is drawn from this one.'
        ]
      : !seesValues
        ? [
            'λ is of the whole image, as a dense first layer sees it. A convolution sees windows and adds the gradients of all places, so the bounds are not its own; what is measured is.'
          ]
        : behind
          ? [
              'A normalisation stands behind the first layer: its gradient does not depend on the scale of the input, but for an epsilon, so the bounds are not its own; what is measured is.'
            ]
          : [
              'With a hidden layer the bounds are a guide: the layers behind the first one change its curvature.'
            ])
  ]
}

/** Whether the largest eigenvalue of the choice's values is that of the first layer's inputs. */
function boundHolds(config: RunConfig): boolean {
  const { before, behind, seesValues } = firstLayer(config)
  return before === undefined && behind === undefined && seesValues
}

function notesOf(ask: Ask, found: readonly Found[]): string[] {
  const { config, start } = ask
  const open = found.flatMap((of) =>
    of.rates.flatMap(({ seed, open: side }) =>
      side === undefined
        ? []
        : [
            side === 'above'
              ? `${choiceRecord(of.choice.id).name}, seed ${seed}: no rate was found that fails.`
              : `${choiceRecord(of.choice.id).name}, seed ${seed}: no rate was found that trains.`
          ]
    )
  )
  return [
    'A rate trains where the mean training loss of the last epoch is below that of always giving the classes’ shares, and the run does not diverge. Rates are tried in steps of a factor 1.19.',
    `Theory is for steps on all images; here a step is on ${plain(config.batch)}.`,
    ...(start === 'alike'
      ? [
          'The first layer’s initial weights are divided by the root mean square of its input, so that all choices start alike: with large logits at the start the loss is large at every rate.'
        ]
      : []),
    ...layerNotes(config),
    ...open
  ]
}
