import { mean } from '../../statistics/mean'
import type { Figure } from '../../figure/figure'
import { listText } from '../../figure/words'
import { grouped, percent, plain, points } from '../../numbers'
import { decodePredictions } from '../../study/predictions'
import { BRIGHT_PARTS } from '../../study/experiment'
import type { ImageFacts } from '../../study/experiment'
import type { RunRecord } from '../../study/run'
import type { ResultTable } from '../kind'
import { overSeeds, seedsText, standardError } from '../results'
import type { OverSeeds } from '../results'
import { choiceRecord } from '../../preprocessing/choices'
import {
  accuracyAt,
  claim,
  compared,
  doubtOf,
  runsOf,
  RAW,
  undecided,
  UNFINISHED,
  UNIT
} from './claim'
import type { Bench } from './claim'
import { spreadText } from './figures'

const CHOICES = [RAW, UNIT, { choice: { id: 'per-image' } }] as const

/** Test images by how much of them is bright, class by class. */
interface Halves {
  readonly few: readonly (readonly number[])[]
  readonly many: readonly (readonly number[])[]
}

/** Parts of each class that the figure draws. */
const PARTS = 5

/** Each class's test images, those with the fewest bright pixels first. */
function sortedByClass(labels: Uint16Array, bright: Uint16Array): number[][] {
  const byClass = new Map<number, number[]>()
  labels.forEach((label, at) => {
    const own = byClass.get(label)
    if (own) own.push(at)
    else byClass.set(label, [at])
  })
  return [...byClass.values()].map((images) =>
    [...images].sort((a, b) => bright[a]! - bright[b]! || a - b)
  )
}

/** Two halves of the same size of each class; brightness alone parts them, not the class. */
function halvesOf(classes: readonly (readonly number[])[]): Halves {
  const large = classes.filter(({ length }) => length > 1)
  return {
    few: large.map((images) => images.slice(0, images.length >> 1)),
    many: large.map((images) => images.slice(-(images.length >> 1)))
  }
}

/** Each class in as many parts, of each the images: by part, then by class. */
function partsOf(classes: readonly (readonly number[])[]): number[][][] {
  return Array.from({ length: PARTS }, (_, part) =>
    classes.flatMap((images) => {
      const [from, to] = [part, part + 1].map((at) => Math.floor((at * images.length) / PARTS))
      const own = images.slice(from, to)
      return own.length > 0 ? [own] : []
    })
  ).filter(({ length }) => length > 0)
}

/** Of the images that are given of each class: the mean over the classes, with each network's guesses. */
function accuracyOf(
  guesses: readonly Uint16Array[],
  labels: Uint16Array,
  classes: readonly (readonly number[])[]
): OverSeeds | undefined {
  const shares = guesses.map((own) =>
    classes.map((images) => images.filter((at) => own[at] === labels[at]).length / images.length)
  )
  const found = overSeeds(shares.flatMap((of) => mean(of) ?? []))
  if (!found) return undefined
  // classes are other images each: the variances of their accuracies add up
  const errors = classes.map((images, at) =>
    standardError(mean(shares.map((of) => of[at]!))!, images.length)
  )
  return { ...found, error: Math.hypot(...errors) / classes.length }
}

interface Row {
  readonly choice: (typeof CHOICES)[number]['choice']['id']
  readonly few: OverSeeds
  readonly many: OverSeeds
  /** in each of the two halves */
  readonly images: number
  readonly learned: boolean
  readonly parts: readonly { readonly share: number; readonly accuracy: OverSeeds }[]
}

function rowsOf(bench: Bench, { testLabels, testBright }: Required<ImageFacts>): Row[] {
  const [labels, bright] = [decodePredictions(testLabels), decodePredictions(testBright)]
  const classes = sortedByClass(labels, bright)
  const halves = halvesOf(classes)
  const images = halves.few.flat().length
  const parts = partsOf(classes).map((own) => ({
    own,
    share: (mean(own.flat().map((at) => bright[at]!)) ?? 0) / BRIGHT_PARTS
  }))
  return CHOICES.flatMap((change) => {
    const guesses = runsOf(bench, change).flatMap((run: RunRecord) => {
      const found =
        run.status === 'finished' && run.predictions
          ? decodePredictions(run.predictions)
          : undefined
      return found?.length === labels.length ? [found] : []
    })
    if (guesses.length < bench.seeds.length) return []
    const of = (own: readonly (readonly number[])[]) => accuracyOf(guesses, labels, own)
    const [few, many] = [of(halves.few), of(halves.many)]
    const drawn = parts.flatMap(({ share, own }) => {
      const accuracy = of(own)
      return accuracy ? [{ share, accuracy }] : []
    })
    const learned = accuracyAt(bench, change)?.learned !== false
    return few && many
      ? [{ choice: change.choice.id, few, many, images, learned, parts: drawn }]
      : []
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
    const [raw, ...others] = rows as [Row, ...Row[]]
    const told = rows
      .map(
        ({ choice, few, many }) =>
          `${choiceRecord(choice).name} ${percent(few.mean)} against ${percent(many.mean)}`
      )
      .join(', ')
    const sentence = `Accuracy within each class, on the half of the test images with the fewest bright pixels against the half with the most: ${told}. Bright is above ${plain(images.brightAbove)}.`
    const table = halvesTable(rows)
    const data = { rows: rows.map(({ choice, few, many }) => ({ choice, few, many })) }
    const figure = shareFigure(rows, images.brightAbove, sentence)
    const rest = { figures: [figure], tables: [table], data }
    const of = ({ few, many }: Row) => compared(few, many)
    const learned = others.filter((row) => row.learned)
    if (!raw.learned || (of(raw) === 'less' && learned.length === 0)) {
      return undecided('untrained', sentence, rest)
    }
    const doubt = doubtOf(of(raw), ...(of(raw) === 'less' ? learned.map(of) : []))
    if (doubt) return undecided(doubt, sentence, rest)
    if (of(raw) !== 'less') return { verdict: 'false', sentence, ...rest }
    const left = learned.filter((row) => of(row) === 'less')
    const whose = listText(left.map(({ choice }) => `“${choiceRecord(choice).name}”`))
    const why =
      left.length === 0
        ? 'The other choices remove the difference.'
        : `A difference is left under ${whose} too, so it is not the scale alone.`
    const verdict = left.length === 0 ? 'true' : 'depends'
    return { verdict, sentence: `${sentence} ${why}`, ...rest }
  }
})

function halvesTable(rows: readonly Row[]): ResultTable {
  return {
    title: 'Accuracy within each class, on the halves with the fewest and the most bright pixels',
    columns: [
      { title: 'choice' },
      { title: 'images', right: true },
      ...['fewest bright', 'most bright', 'difference'].map((title) => ({ title, right: true }))
    ],
    rows: rows.map(({ choice, few, many, images }) => [
      choiceRecord(choice).name,
      grouped(images),
      spreadText(few),
      spreadText(many),
      `${few.mean < many.mean ? '−' : '+'}${points(Math.abs(few.mean - many.mean))}`
    ])
  }
}

/** The direct test: accuracy against how much of an image is bright. */
function shareFigure(rows: readonly Row[], brightAbove: number, summary: string): Figure {
  const [{ few, images } = { few: undefined, images: 0 }] = rows
  const seeds = few?.values.length ?? 0
  const band = seeds > 1 ? '; band: ± standard deviation over them' : ''
  return {
    id: 'claims-bright-share',
    title: 'Accuracy by share of bright pixels',
    subtitle: `each class in five parts; ${grouped(2 * images)} test images, mean of ${seedsText(seeds)}${band}`,
    definition: `Each class’s test images are sorted by the share of their values above ${plain(brightAbove)} and cut into ${PARTS} parts of the same size. The accuracy of a part is the mean over the classes, so that brightness is compared within a class; x is the mean share of bright values in the part’s images.`,
    summary,
    x: { label: 'share of bright pixels', scale: 'linear', format: 'percent', min: 0 },
    y: { label: 'test accuracy', scale: 'linear', format: 'percent', min: 0, max: 1 },
    marks: rows.map(({ choice, parts }) => ({
      kind: 'line' as const,
      label: choiceRecord(choice).shortName,
      colour: { choice },
      dash: choiceRecord(choice).colour.line,
      x: parts.map(({ share }) => share),
      y: parts.map(({ accuracy }) => accuracy.mean),
      points: true,
      directLabel: true,
      ...(seeds > 1 && {
        band: {
          low: parts.map(({ accuracy: { mean: of, std = 0 } }) => of - std),
          high: parts.map(({ accuracy: { mean: of, std = 0 } }) => of + std)
        }
      })
    }))
  }
}
