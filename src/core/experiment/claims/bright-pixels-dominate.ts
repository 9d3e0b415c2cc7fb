import { max, mean, sum } from 'd3-array'
import type { Figure } from '../../figure/figure'
import { percent, plain } from '../../numbers'
import { choiceRecord } from '../../preprocessing/choices'
import type { ChoiceId } from '../../preprocessing/preprocessing'
import { effectiveNumber } from '../../statistics/effective-number'
import type { ImageFacts } from '../../study/experiment'
import type { ResultTable } from '../kind'
import { overSeeds } from '../results'
import type { OverSeeds } from '../results'
import { claim, runsOf, UNFINISHED } from './claim'
import type { Bench, Change, Verdict } from './claim'
import { spreadText } from './figures'

/** The brightest pixels: as many parts of all. */
const BRIGHTEST = 0.1
/** The brightest tenth dominates where its share of the pull is above so many times its number: our convention. */
const DOMINATES = 2

const CHOICES = ['raw', 'standardised', 'standardised-per-pixel'] as const
const changeOf = (id: (typeof CHOICES)[number]): Change => ({ choice: { id } })

interface Pulled {
  readonly choice: (typeof CHOICES)[number]
  readonly pulls: readonly number[]
  /** of the brightest tenth of the values */
  readonly share: OverSeeds
}

/** That they do not dominate is said where they are brighter than the rest by this factor: our convention. */
const BRIGHTER = 2

/** What has a share of its own: a pixel, or each of its values where it has several. */
export const placesOf = ({ channels }: Pick<ImageFacts, 'channels'>): 'pixels' | 'values' =>
  channels === 1 ? 'pixels' : 'values'

/** Of each seed, each value's share in the first layer's gradient before training. */
export function startPulls(
  bench: Bench,
  change: Change
): readonly (readonly number[])[] | undefined {
  const each = runsOf(bench, change).flatMap(({ pulls }) => (pulls?.start ? [pulls.start] : []))
  return each.length < bench.seeds.length || each.length === 0 ? undefined : each
}

/** Mean over the seeds. */
export function meanPulls(each: readonly (readonly number[])[]): readonly number[] {
  return (each[0] ?? []).map((_, at) => mean(each, (one) => one[at]!)!)
}

/** For a claim about pulls: a run that it needs did not finish, or has none. */
export function noPulls(bench: Bench, changes: readonly Change[]): Verdict {
  const finished = changes.every(
    (change) => runsOf(bench, change).filter(({ status }) => status === 'finished').length > 0
  )
  if (!finished) return UNFINISHED
  const sentence =
    'The share of each pixel in the first layer’s gradient is not known: the layer is no dense one, nothing has a gradient before training, or the images have more than 16,384 values.'
  return { verdict: 'open', sentence }
}

function brightestOf({ pixelMeans }: ImageFacts): readonly number[] {
  const order = pixelMeans.map((_, at) => at).sort((a, b) => pixelMeans[b]! - pixelMeans[a]!)
  return order.slice(0, Math.max(1, Math.round(order.length * BRIGHTEST)))
}

function meansOf({ pixelMeans }: ImageFacts, brightest: readonly number[]) {
  const [all, bright] = [sum(pixelMeans), sum(brightest, (at) => pixelMeans[at])]
  const others = pixelMeans.length - brightest.length
  return { bright: bright / brightest.length, rest: others > 0 ? (all - bright) / others : 0 }
}

export const BRIGHT_PIXELS_DOMINATE = claim({
  id: 'bright-pixels-dominate',
  quote: 'A pixel with mean 223 would dominate one with mean 10; standardisation stops it.',
  cells: () => CHOICES.map(changeOf),
  judge(bench) {
    const { images } = bench.facts
    if (!images) return { verdict: 'open', sentence: 'The mean of each pixel is not known.' }
    const brightest = brightestOf(images)
    const rows = CHOICES.flatMap((choice): Pulled[] => {
      const each = startPulls(bench, changeOf(choice))
      const share = each && overSeeds(each.map((one) => sum(brightest, (at) => one[at])))
      return share ? [{ choice, pulls: meanPulls(each), share }] : []
    })
    const [raw, whole, each] = rows
    if (!raw || !whole || !each) return noPulls(bench, CHOICES.map(changeOf))
    const even = brightest.length / images.pixelMeans.length
    const dominates = ({ share }: Pulled): boolean => share.mean > DOMINATES * even
    const atLimit = ({ share }: Pulled): boolean =>
      Math.abs(share.mean - DOMINATES * even) <= (share.std ?? 0)
    const places = placesOf(images)
    const means = meansOf(images, brightest)
    const which = places === 'pixels' ? places : `${places} (a pixel and channel each)`
    const sentence = `Before training, the brightest tenth of the ${which}, with a mean of ${plain(means.bright)} where the rest has ${plain(means.rest)}, has ${percent(raw.share.mean)} of the pull on the first layer as stored, ${percent(whole.share.mean)} when the whole set is standardised and ${percent(each.share.mean)} when each pixel is; an even share would be ${percent(even)}.`
    const rest = {
      figures: pullMaps([raw, each], images),
      tables: [pullTable(rows, places)],
      data: {
        rows: rows.map(({ choice, share }) => ({ choice, share: share.mean, std: share.std })),
        ...{ even, means }
      }
    }
    const brighter = Math.abs(means.bright) >= BRIGHTER * Math.abs(means.rest)
    if (!brighter && !dominates(raw)) {
      const none = `They are not ${BRIGHTER} times as bright as the rest: no pixel is here of which the claim speaks.`
      return { verdict: 'open', sentence: `${sentence} ${none}`, ...rest }
    }
    if (atLimit(raw) || (dominates(raw) && [whole, each].some(atLimit))) {
      const near = 'A share lies as near to twice an even one as it varies over the seeds.'
      return { verdict: 'undecided', doubt: 'spread', sentence: `${sentence} ${near}`, ...rest }
    }
    if (!dominates(raw)) {
      return {
        verdict: 'false',
        sentence: `${sentence} With less than twice an even share, they do not dominate.`,
        ...rest
      }
    }
    const stopped = [whole, each].filter((one) => !dominates(one))
    if (stopped.length === 2) return { verdict: 'true', sentence, ...rest }
    const by =
      stopped.length === 0
        ? ' Neither standardisation stops it.'
        : ` ${choiceRecord(stopped[0]!.choice).name} stops it, the other does not.`
    return {
      verdict: stopped.length === 0 ? 'false' : 'depends',
      sentence: `${sentence}${by}`,
      ...rest
    }
  }
})

const EFFECTIVE = {
  pixels: { title: 'effective pixels', right: true },
  values: { title: 'effective values', right: true }
} as const

function pullTable(rows: readonly Pulled[], places: ReturnType<typeof placesOf>): ResultTable {
  return {
    title: `Pull of the ${places} on the first layer, before training`,
    columns: [{ title: 'choice' }, { title: 'brightest tenth', right: true }, EFFECTIVE[places]],
    rows: rows.map(({ choice, pulls, share }) => [
      choiceRecord(choice).name,
      spreadText(share),
      String(Math.round(effectiveNumber(pulls)))
    ])
  }
}

/** The next number up in two digits: 0.00248 -> 0.0025 */
function aboveOf(value: number): number {
  if (!(value > 0)) return 1
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1)
  return Number((Math.ceil(value / unit) * unit).toPrecision(2))
}

/** Where the first layer's gradient comes from, in one scale; the channels of a pixel are summed. */
function pullMaps(shown: readonly Pulled[], images: ImageFacts): Figure[] {
  const { height, width, channels } = images
  const maps = shown.map(({ choice, pulls }) => ({
    ...{ choice, pulls },
    values: Float64Array.from({ length: height * width }, (_, pixel) =>
      sum(pulls.slice(pixel * channels, (pixel + 1) * channels))
    )
  }))
  const greatest = max(maps, ({ values }) => max(values)) ?? 0
  return maps.map((map) => pullMap(map, images, aboveOf(greatest)))
}

interface PullMap {
  readonly choice: ChoiceId
  readonly pulls: readonly number[]
  readonly values: Float64Array
}

function pullMap(
  { choice, pulls, values }: PullMap,
  { height, width, channels }: ImageFacts,
  greatest: number
): Figure {
  const { shortName: name } = choiceRecord(choice)
  const effective = Math.round(effectiveNumber(pulls))
  return {
    id: `pull-${choice}`,
    title: `Pull of each pixel, ${name}`,
    subtitle: 'share in the first layer’s gradient before training; mean over the seeds',
    choice,
    definition:
      'Mean of |∂L/∂w| over the units of the first layer for each pixel, of the mean gradient over the probe images, as a share of the sum over all pixels. A division of the input by a constant leaves every share as it is, where the weights are multiplied by it.',
    summary: `${name}: the pull on the first layer is spread as over ${effective} equal ${placesOf({ channels })} of ${pulls.length}.`,
    squares: true,
    x: { label: 'column', scale: 'linear', format: 'integer', min: 0, max: width },
    y: { label: 'row', scale: 'linear', format: 'integer', min: 0, max: height, reverse: true },
    marks: [
      {
        kind: 'cells',
        label: 'share of the pull',
        xEdges: Float64Array.from({ length: width + 1 }, (_, at) => at),
        yEdges: Float64Array.from({ length: height + 1 }, (_, at) => at),
        values,
        colours: 'viridis',
        domain: [0, greatest],
        format: 'percent'
      }
    ]
  }
}
