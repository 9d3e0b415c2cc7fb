import { z } from 'zod'
import { factsOf, momentsLeft } from '../../explanation/facts'
import { trainingFigure } from '../../figure/training'
import { TUTORIAL_CONFIG } from '../../network/config'
import type { RunConfig } from '../../network/config'
import { firstLayer, withBatchNorm, withoutBatchNorm } from '../../network/layers/first-layer'
import { layersName } from '../../network/layers/text'
import { LAYER_FACTORS } from '../../network/settings'
import { percent, plain, points } from '../../numbers'
import { choiceRecord } from '../../preprocessing/choices'
import { choiceSpec, runConfig } from '../../study/config-schema'
import { chanceOf } from '../../study/run'
import type { RunRecord } from '../../study/run'
import type { ExperimentFacts } from '../../study/experiment'
import { divergedNote, endOf, endText, unfinishedText } from '../ends'
import type { End } from '../ends'
import { experimentKind, runOf } from '../kind'
import { chanceText, hasLearned, isSeen, overSeeds, seedNotes } from '../results'
import type { OverSeeds } from '../results'
import { seedList } from '../seeds'
import { picked } from './switches/switch'

const askSchema = z
  .strictObject({
    /** the network, with or without batch normalisation behind its first layer; its choice is not used */
    config: runConfig.refine((config) => canHave(config), {
      path: ['layers'],
      message:
        'a network with a hidden dense layer or convolution first, behind which batch normalisation can be put or left out'
    }),
    from: choiceSpec,
    to: choiceSpec,
    seeds: seedList
  })
  .refine(({ from, to }) => from.id !== to.id || from.id === 'custom', {
    path: ['to'],
    message: 'another choice than the first'
  })
type Ask = z.infer<typeof askSchema>

const NETWORKS = [
  { id: 'without', name: 'without batch normalisation' },
  { id: 'with', name: 'with batch normalisation' }
] as const
const SIDES = ['from', 'to'] as const
type NetworkId = (typeof NETWORKS)[number]['id']
type Side = (typeof SIDES)[number]

/** The first layer can stand without batch normalisation behind it. */
function canHave(config: RunConfig): boolean {
  const { at, kind } = firstLayer(config)
  return at < config.layers.length && kind !== 'residual'
}

/** The network of an ask with batch normalisation behind its first layer, or without. */
function networkOf(config: RunConfig, id: NetworkId): RunConfig {
  return id === 'with' ? withBatchNorm(config) : withoutBatchNorm(config)
}

const configAt = (ask: Ask, id: NetworkId, side: Side, seed: number): RunConfig => ({
  ...networkOf(ask.config, id),
  choice: ask[side],
  seed
})

const plannedOf = (ask: Ask): RunConfig[] =>
  ask.seeds.flatMap((seed) =>
    NETWORKS.flatMap(({ id }) => SIDES.map((side) => configAt(ask, id, side, seed)))
  )

interface Cell {
  readonly ends: readonly End[]
  readonly accuracy?: OverSeeds
}

/** What a choice is worth in one of the two networks. */
interface Row {
  readonly id: NetworkId
  readonly name: string
  readonly from: Cell
  readonly to: Cell
  /** seed by seed; absent while a run has no accuracy */
  readonly gap?: OverSeeds
}

function rowsOf(ask: Ask, runs: Parameters<typeof endOf>[0]): Row[] {
  return NETWORKS.map(({ id, name }) => {
    const [from, to] = SIDES.map((side): Cell => {
      const ends = ask.seeds.map((seed) => endOf(runs, configAt(ask, id, side, seed)))
      const there = ends.flatMap(({ accuracy }) => accuracy ?? [])
      const accuracy = there.length === ends.length ? overSeeds(there) : undefined
      return { ends, ...(accuracy && { accuracy }) }
    }) as [Cell, Cell]
    const whole = from.accuracy && to.accuracy
    const gap =
      whole && overSeeds(to.accuracy.values.map((value, at) => value - from.accuracy!.values[at]!))
    return { id, name, from, to, ...(gap && { gap }) }
  })
}

/** By how much the gap is smaller with batch normalisation, seed by seed. */
function takenOf([without, with_]: readonly Row[]): OverSeeds | undefined {
  if (!without?.gap || !with_?.gap) return undefined
  return overSeeds(without.gap.values.map((value, at) => value - with_.gap!.values[at]!))
}

const seen = ({ mean, std }: OverSeeds): boolean => mean !== 0 && isSeen(mean, std)
const spreadText = ({ std }: OverSeeds): string => (std === undefined ? '' : ` ± ${points(std)}`)

function gapText({ gap, from, to }: Row): string {
  const { mean } = gap!
  const ends = `${percent(from.accuracy!.mean)} against ${percent(to.accuracy!.mean)}`
  const size = `${mean < 0 ? '−' : ''}${points(Math.abs(mean))}${spreadText(gap!)}`
  return `${size} (${ends}${seen(gap!) ? '' : ': no difference seen'})`
}

/** The networks that have learned nothing under either choice: their gap is one of chance. */
function uselessText(rows: readonly Row[], run: RunRecord | undefined): string | undefined {
  const useless = rows.filter(({ from, to }) =>
    [from, to].every(({ accuracy }) => accuracy && !hasLearned(accuracy.mean, run))
  )
  if (useless.length === 0) return undefined
  const where = useless.map(({ name }) => name).join(' and ')
  return `Nothing is said of what batch normalisation takes away: ${where}, no network does better than always naming the most frequent class (${percent(run && chanceOf(run))}), under either choice.`
}

function sentenceOf(ask: Ask, rows: readonly Row[], run: RunRecord | undefined): string {
  const taken = takenOf(rows)
  const unfinished = unfinishedText(rows.flatMap(({ from, to }) => [...from.ends, ...to.ends]))
  if (!taken || unfinished !== undefined) return unfinished ?? ''
  const useless = uselessText(rows, run)
  if (useless !== undefined) return useless
  const [without, with_] = rows as [Row, Row]
  const [from, to] = SIDES.map((side) => choiceRecord(ask[side].id).name)
  const told = `Between “${from}” and “${to}” the gap is ${gapText(with_)} with batch normalisation behind the first layer, and ${gapText(without)} without`
  const few = chanceText(ask.seeds.length)
  if (!seen(taken)) {
    return `${told}: no difference seen in what the choice is worth${few}.`
  }
  const closes = Math.abs(with_.gap!.mean) < Math.abs(without.gap!.mean)
  const by = points(Math.abs(taken.mean))
  return `${told}: batch normalisation ${closes ? `takes ${by}${spreadText(taken)} of it away` : `changes it by ${by}${spreadText(taken)}`}${few}.`
}

/** Where one choice is the other times a factor, what theory says of the difference. */
function scaleNotes({ config }: Ask, { inputs }: ExperimentFacts): string[] {
  const [a, b] = inputs.map(({ affine }) => affine)
  const { padded } = firstLayer(config)
  const offset = a && b && a.offset / a.scale !== b.offset / b.scale
  if (!a || !b || (offset && padded)) return []
  return [
    `One choice is the other ${offset ? 'scaled and shifted' : `× ${plain(b.scale / a.scale)}`}. Behind the first layer, batch normalisation takes that away: in training the loss is the same function of the weights under both, but for its epsilon.`
  ]
}

/** Moving moments that hold more of their start than this are no measure of the images. */
const SETTLED = 0.01

/** That a test with moving moments which have not settled tells of more than of training. */
function momentNotes(runs: readonly RunRecord[]): string[] {
  const left = Math.max(0, ...runs.map((run) => momentsLeft(factsOf(run, runs)) ?? 0))
  return left < SETTLED
    ? []
    : [
        `Tested is with the moving means and variances of batch normalisation: after these steps ${percent(left)} of them is still the 0 and 1 that they start from, which fits one choice better than another. Train for more steps, or lower the momentum.`
      ]
}

/** Whether a choice of preprocessing still matters in a network that normalises by itself. */
export const BATCH_NORM = experimentKind({
  id: 'batch-norm',
  name: 'Does it matter with batch normalisation?',
  question:
    'Is a choice worth as much in a network with batch normalisation behind its first layer?',
  ask: askSchema,
  offer: ({ from, to, seeds }): Ask => ({
    config: canHave(to) ? to : { ...to, ...picked(TUTORIAL_CONFIG, ['layers', ...LAYER_FACTORS]) },
    from: from.choice,
    to:
      to.choice.id === from.choice.id
        ? { id: to.choice.id === 'unit' ? 'raw' : 'unit' }
        : to.choice,
    seeds
  }),
  fields: [{ key: 'seeds', type: 'seeds', name: 'Seeds', help: 'runs per choice and network' }],
  choices: ({ from, to }) => [from, to],
  images: ({ config: { limit, classes } }) => ({ limit, classes }),
  plan: plannedOf,
  outcome(ask, facts, runs) {
    const rows = rowsOf(ask, runs)
    const own = plannedOf(ask).flatMap((config) => runOf(runs, config) ?? [])
    const sentence = sentenceOf(ask, rows, own[0])
    const taken = takenOf(rows)
    const figure = trainingFigure(own, { measure: 'accuracy', split: 'test' })
    const diverged = divergedNote(rows.flatMap(({ from, to }) => [...from.ends, ...to.ends]))
    const [from, to] = SIDES.map((side) => choiceRecord(ask[side].id).shortName)
    return {
      sentence,
      figures: figure ? [figure] : [],
      tables: [
        {
          title: 'Test accuracy at the end',
          columns: [
            { title: 'setting' },
            ...[from!, to!].map((name) => ({ title: name, right: true })),
            ...['difference', '± seeds'].map((title) => ({ title, right: true }))
          ],
          rows: rows.map(({ id, name, from: a, to: b, gap }) => [
            `${name} (${layersName(networkOf(ask.config, id).layers)})`,
            a.ends.length === 1 ? endText(a.ends[0]!) : percent(a.accuracy?.mean),
            b.ends.length === 1 ? endText(b.ends[0]!) : percent(b.accuracy?.mean),
            gap ? `${gap.mean < 0 ? '−' : ''}${points(Math.abs(gap.mean))}` : '–',
            gap?.std === undefined ? '–' : points(gap.std)
          ])
        }
      ],
      notes: [
        ...scaleNotes(ask, facts),
        ...momentNotes(own),
        ...(diverged === undefined ? [] : [diverged]),
        ...seedNotes(ask.seeds.length)
      ],
      data: {
        from: ask.from.id,
        to: ask.to.id,
        networks: rows.map(({ id, from: a, to: b, gap }) => ({
          batchNormalisation: id === 'with',
          layers: layersName(networkOf(ask.config, id).layers),
          accuracy: { from: a.accuracy?.mean, to: b.accuracy?.mean },
          accuracyBySeed: { from: a.accuracy?.values, to: b.accuracy?.values },
          gap: gap?.mean,
          spread: gap?.std,
          seen: gap && seen(gap)
        })),
        interaction: taken?.mean,
        interactionSpread: taken?.std,
        sentence
      }
    }
  }
})
