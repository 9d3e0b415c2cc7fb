import { mean } from '../../statistics/mean'
import { percent, plain, points } from '../../numbers'
import { decodePredictions } from '../../study/predictions'
import type { ImageFacts } from '../../study/experiment'
import type { RunRecord } from '../../study/run'
import type { ResultTable } from '../kind'
import { overSeeds } from '../results'
import type { OverSeeds } from '../results'
import { choiceRecord } from '../../preprocessing/choices'
import { claim, compared, runsOf, RAW, UNFINISHED, UNIT } from './claim'
import type { Bench } from './claim'

const CHOICES = [RAW, UNIT, { choice: { id: 'per-image' } }] as const

/** Test images of one class, by how much of them is bright. */
interface Halves {
  readonly few: readonly number[]
  readonly many: readonly number[]
}

/** Each class's test images in two halves of the same size; brightness alone parts them, not the class. */
function halvesOf(labels: Uint16Array, bright: Uint16Array): Halves[] {
  const byClass = new Map<number, number[]>()
  labels.forEach((label, at) => {
    const own = byClass.get(label)
    if (own) own.push(at)
    else byClass.set(label, [at])
  })
  return [...byClass.values()].flatMap((images) => {
    const half = images.length >> 1
    if (half === 0) return []
    const sorted = [...images].sort((a, b) => bright[a]! - bright[b]! || a - b)
    return [{ few: sorted.slice(0, half), many: sorted.slice(-half) }]
  })
}

/** Mean over the classes of the accuracy of each class's half. */
function accuracyOf(
  guesses: Uint16Array,
  labels: Uint16Array,
  halves: readonly Halves[],
  half: keyof Halves
): number {
  const shares = halves.map((one) => {
    const images = one[half]
    return images.filter((at) => guesses[at] === labels[at]).length / images.length
  })
  return mean(shares) ?? NaN
}

interface Row {
  readonly choice: (typeof CHOICES)[number]['choice']['id']
  readonly few: OverSeeds
  readonly many: OverSeeds
}

function rowsOf(bench: Bench, { testLabels, testBright }: Required<ImageFacts>): Row[] {
  const labels = decodePredictions(testLabels)
  const halves = halvesOf(labels, decodePredictions(testBright))
  return CHOICES.flatMap((change) => {
    const guesses = runsOf(bench, change).flatMap((run: RunRecord) => {
      const found =
        run.status === 'finished' && run.predictions
          ? decodePredictions(run.predictions)
          : undefined
      return found?.length === labels.length ? [found] : []
    })
    if (guesses.length < bench.seeds.length) return []
    const of = (half: keyof Halves): OverSeeds | undefined =>
      overSeeds(guesses.map((one) => accuracyOf(one, labels, halves, half)))
    const [few, many] = [of('few'), of('many')]
    return few && many ? [{ choice: change.choice.id, few, many }] : []
  })
}

export const BACKGROUND_SWAMPS = claim({
  id: 'background-swamps',
  quote: 'A large background of low values swamps a small bright image.',
  cells: () => CHOICES,
  judge(bench) {
    const { images } = bench.facts
    const { testLabels, testBright } = images ?? {}
    if (!images || testLabels === undefined || testBright === undefined) {
      return { verdict: 'open', sentence: 'It is not known how bright each test image is.' }
    }
    const rows = rowsOf(bench, { ...images, testLabels, testBright })
    if (rows.length < CHOICES.length) return UNFINISHED
    const [raw] = rows as [Row, ...Row[]]
    const worse = rows.filter(({ few, many }) => compared(few, many) === 'less')
    const told = rows
      .map(
        ({ choice, few, many }) =>
          `${choiceRecord(choice).name} ${percent(few.mean)} against ${percent(many.mean)}`
      )
      .join(', ')
    const sentence = `Named right within each class, the half of the test images with the fewest bright pixels against the half with the most: ${told}. Bright is above ${plain(images.brightAbove)}.`
    const table = halvesTable(rows)
    const data = { rows: rows.map(({ choice, few, many }) => ({ choice, few, many })) }
    const rest = { tables: [table], data }
    if (compared(raw.few, raw.many) !== 'less') return { verdict: 'false', sentence, ...rest }
    const gone = worse.length === 1
    const why = gone
      ? ' The other choices do away with the difference.'
      : ' The other choices leave a difference too, so it is not the scale alone.'
    return { verdict: gone ? 'true' : 'depends', sentence: `${sentence}${why}`, ...rest }
  }
})

function halvesTable(rows: readonly Row[]): ResultTable {
  return {
    title: 'Accuracy within each class, by share of bright pixels',
    columns: [
      { title: 'choice' },
      ...['fewest bright', 'most bright', 'difference'].map((title) => ({ title, right: true }))
    ],
    rows: rows.map(({ choice, few, many }) => [
      choiceRecord(choice).name,
      percent(few.mean),
      percent(many.mean),
      `${few.mean < many.mean ? '−' : '+'}${points(Math.abs(few.mean - many.mean))}`
    ])
  }
}
