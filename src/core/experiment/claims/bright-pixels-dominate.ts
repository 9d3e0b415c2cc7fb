import type { Figure } from '../../figure/figure'
import { percent } from '../../numbers'
import { choiceRecord } from '../../preprocessing/choices'
import type { ChoiceId } from '../../preprocessing/preprocessing'
import { effectiveNumber } from '../../preprocessing/distribution'
import type { ImageFacts } from '../../study/experiment'
import type { ResultTable } from '../kind'
import { claim, runsOf, UNFINISHED } from './claim'
import type { Bench, Change } from './claim'

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
  readonly share: number
}

/** What has a share of its own: a pixel, or each of its values where it has several. */
export const placesOf = ({ channels }: Pick<ImageFacts, 'channels'>): 'pixels' | 'values' =>
  channels === 1 ? 'pixels' : 'values'

/** Mean over the seeds of each value's share in the first layer's gradient before training. */
export function startPulls(bench: Bench, change: Change): readonly number[] | undefined {
  const each = runsOf(bench, change).flatMap(({ pulls }) => (pulls?.start ? [pulls.start] : []))
  if (each.length < bench.seeds.length || !each[0]) return undefined
  return each[0].map((_, at) => each.reduce((sum, one) => sum + one[at]!, 0) / each.length)
}

function brightestOf({ pixelMeans }: ImageFacts): readonly number[] {
  const order = pixelMeans.map((_, at) => at).sort((a, b) => pixelMeans[b]! - pixelMeans[a]!)
  return order.slice(0, Math.max(1, Math.round(order.length * BRIGHTEST)))
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
      const pulls = startPulls(bench, changeOf(choice))
      return pulls
        ? [{ choice, pulls, share: brightest.reduce((sum, at) => sum + pulls[at]!, 0) }]
        : []
    })
    const [raw, whole, each] = rows
    if (!raw || !whole || !each) return UNFINISHED
    const even = brightest.length / images.pixelMeans.length
    const dominates = (one: Pulled): boolean => one.share > DOMINATES * even
    const places = placesOf(images)
    const which = places === 'pixels' ? places : `${places} (a pixel and channel each)`
    const sentence = `Before training, the brightest tenth of the ${which} has ${percent(raw.share)} of the pull on the first layer as stored, ${percent(whole.share)} when the whole set is standardised and ${percent(each.share)} when each pixel is; an even share would be ${percent(even)}.`
    const rest = {
      figures: [raw, each].map((one) => pullMap(one, images)),
      tables: [pullTable(rows, places)],
      data: { rows: rows.map(({ choice, share }) => ({ choice, share })), even }
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
      percent(share),
      String(Math.round(effectiveNumber(pulls)))
    ])
  }
}

/** Where the first layer's gradient comes from; the channels of a pixel are summed. */
function pullMap(
  { choice, pulls }: { readonly choice: ChoiceId; readonly pulls: readonly number[] },
  { height, width, channels }: ImageFacts
): Figure {
  const values = Float64Array.from({ length: height * width }, (_, pixel) => {
    let sum = 0
    for (let c = 0; c < channels; c++) sum += pulls[pixel * channels + c]!
    return sum
  })
  const { name } = choiceRecord(choice)
  const greatest = values.reduce((most, value) => Math.max(most, value), 0)
  const effective = Math.round(effectiveNumber(pulls))
  return {
    id: `pull-${choice}`,
    title: `Pull of each pixel, ${name}`,
    subtitle: 'share in the first layer’s gradient before training; mean over the seeds',
    choice,
    definition:
      'Mean of |∂L/∂w| over the units of the first layer for each pixel, of the mean gradient over the probe images, as a share of the sum over all pixels. A division of the input by a constant leaves every share as it is, where the weights are multiplied by it.',
    summary: `${name}: the pull on the first layer is spread as over ${effective} equal ${placesOf({ channels })} of ${pulls.length}.`,
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
        domain: [0, greatest || 1],
        format: 'percent'
      }
    ]
  }
}
