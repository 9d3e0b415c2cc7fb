import { percent, plain, points } from '../../../numbers'
import { choiceRecord } from '../../../preprocessing/choices'
import { ENDED_STATUSES } from '../../../study/run'
import type { RunRecord } from '../../../study/run'
import { lowerFirst } from '../../../text'
import { runOf } from '../../kind'
import { accuracies, differs, fewSeedsText, overSeedsText } from '../../results'
import type { OverSeeds } from '../../results'
import { cellConfig, comparedValues, compares, gridOf, storedConfig } from './ask'
import type { Ask } from './ask'
import { mapAxisOf } from './axes'

interface At {
  readonly value: number
  readonly accuracy: OverSeeds
}

/** What a choice gains over stored values, and what the axis' setting alone would have given. */
interface Benefit {
  /** at the value that the run has */
  readonly choice: OverSeeds
  /** of the runs that finished; absent where none did */
  readonly stored?: OverSeeds
  /** at the best of the values that were tried */
  readonly bestChoice: At
  readonly bestStored: At
  /** of the gain, that the best value for stored values gives; absent where no gain is seen */
  readonly share?: number
}

function best(columns: readonly { value: number; accuracy?: OverSeeds }[]): At | undefined {
  return columns
    .flatMap(({ value, accuracy }) => (accuracy ? [{ value, accuracy }] : []))
    .sort((a, b) => b.accuracy.mean - a.accuracy.mean)[0]
}

/** undefined where the choice is not compared, or its runs have not ended */
export function benefitOf(ask: Ask, runs: readonly RunRecord[]): Benefit | undefined {
  if (!compares(ask)) return undefined
  const grid = gridOf(ask)
  const column = (config: (value: number, seed: number) => RunRecord['config']) =>
    comparedValues(grid).map((value) => {
      const found = ask.seeds.flatMap((seed) => runOf(runs, config(value, seed)) ?? [])
      const ended = found.filter(({ status }) => ENDED_STATUSES.includes(status))
      return { value, ended: ended.length === ask.seeds.length, accuracy: accuracies(found) }
    })
  const ofChoice = column((value, seed) => cellConfig(ask, 1, value, seed))
  const ofStored = column((value, seed) => storedConfig(ask, value, seed))
  if (![...ofChoice, ...ofStored].every(({ ended }) => ended)) return undefined
  const atBase = (of: typeof ofChoice) => of.find(({ value }) => value === grid.base)?.accuracy
  const [choice, stored] = [atBase(ofChoice), atBase(ofStored)]
  const [bestChoice, bestStored] = [best(ofChoice), best(ofStored)]
  if (!choice || !bestChoice || !bestStored) return undefined
  const gain = stored && choice.mean - stored.mean
  const whole = stored?.values.length === ask.seeds.length
  const seen = whole && gain !== undefined && gain > 0 && differs(choice, stored)
  return {
    ...{ choice, bestChoice, bestStored },
    ...(stored && { stored }),
    ...(seen && { share: (bestStored.accuracy.mean - stored.mean) / gain })
  }
}

export function benefitText(ask: Ask, benefit: Benefit | undefined): string {
  if (!benefit) return compares(ask) ? 'The comparison with stored values has not ended.' : ''
  const { choice, stored, bestChoice, bestStored, share } = benefit
  const axis = mapAxisOf(ask.axis)
  const name = lowerFirst(choiceRecord(ask.config.choice.id).shortName)
  const base = `${axis.name} ${plain(gridOf(ask).base, 3)}`
  const whole = stored?.values.length === ask.seeds.length
  const broken = ask.seeds.length - (stored?.values.length ?? 0)
  const storedText = stored
    ? `at ${overSeedsText(stored)}${whole ? '' : ` (${broken} of ${ask.seeds.length} runs did not finish)`}`
    : 'nowhere: none of their runs finished'
  const start = `At ${base}, ${name} ends at ${overSeedsText(choice)}, and the stored values ${storedText}`
  if (whole && share === undefined) {
    return `${start}: no gain is seen that another ${axis.name} could match.${fewSeedsText(ask.seeds.length)}`
  }
  const left = bestChoice.accuracy.mean - bestStored.accuracy.mean
  const best = `the best of ${name} (${percent(bestChoice.accuracy.mean)} at ${plain(bestChoice.value, 3)})`
  const rest = differs(bestChoice.accuracy, bestStored.accuracy)
    ? `${points(left)} ${left > 0 ? 'below' : 'above'} ${best}`
    : `no difference seen from ${best}`
  const of =
    stored && share !== undefined
      ? `${percent(share, 0)} of the gain of ${points(choice.mean - stored.mean)}, `
      : ''
  const few = fewSeedsText(ask.seeds.length)
  return `${start}. The best ${axis.name} for the stored values, ${plain(bestStored.value, 3)}, alone gives ${overSeedsText(bestStored.accuracy)}: ${of}${rest}.${few}`
}
