import { percent } from '../../numbers'
import { accuracyAt, claim, compared, doubtOf, runsOf, undecided, UNFINISHED, UNIT } from './claim'
import type { Bench, Change } from './claim'
import { barsFigure } from './figures'

type Pair = readonly [number, number]

/**
 * The two classes that the network on divided pixels mistakes for one another most often, over the
 * seeds; undefined until its runs have finished.
 */
function pairOf(bench: Bench): Pair | undefined {
  if (bench.config.classes) return bench.config.classes
  if (bench.facts.classes === 2) return [0, 1]
  const tables = runsOf(bench, UNIT).flatMap(({ status, confusion }) =>
    status === 'finished' && confusion ? [confusion] : []
  )
  if (tables.length < bench.seeds.length) return undefined
  const [first] = tables
  let [most, pair]: [number, Pair | undefined] = [-1, undefined]
  for (let a = 0; a < (first?.length ?? 0); a++) {
    for (let b = a + 1; b < first!.length; b++) {
      const mistakes = tables.reduce((sum, table) => sum + table[a]![b]! + table[b]![a]!, 0)
      if (mistakes > most) [most, pair] = [mistakes, [a, b]]
    }
  }
  return pair
}

const cellsOf = (classes: Pair): { softmax: Change; sigmoid: Change } => ({
  softmax: { ...UNIT, classes, output: 'softmax' },
  sigmoid: { ...UNIT, classes, output: 'sigmoid' }
})

export const ONE_SIGMOID = claim({
  id: 'one-sigmoid',
  quote: 'For a two-class problem, the last layer should be one sigmoid.',
  cells(bench) {
    const pair = pairOf(bench)
    return pair ? [UNIT, ...Object.values(cellsOf(pair))] : [UNIT]
  },
  judge(bench) {
    const pair = pairOf(bench)
    if (!pair) {
      return {
        verdict: 'open',
        sentence: 'It is not known which two classes are hardest to tell apart.'
      }
    }
    const { softmax, sigmoid } = cellsOf(pair)
    const [two, one] = [accuracyAt(bench, softmax), accuracyAt(bench, sigmoid)]
    if (!two || !one) return UNFINISHED
    const result = compared(one, two)
    const told = `On classes ${pair[0]} and ${pair[1]}, one sigmoid reaches ${percent(one.mean)} and a softmax of two ${percent(two.mean)}`
    const figure = barsFigure(bench, {
      ...{ claim: 'one-sigmoid', name: 'Accuracy with one sigmoid and with a softmax of two' },
      of: `Networks that tell class ${pair[0]} from class ${pair[1]}, the two that are mistaken for one another most.`,
      rows: [
        { name: 'One sigmoid', colour: { role: 'accent' }, accuracy: one },
        { name: 'Softmax of two', colour: { role: 'muted' }, accuracy: two }
      ]
    })
    const rest = { figures: [figure] }
    const doubt = doubtOf(result)
    if (doubt) return undecided(doubt, `${told}.`, rest)
    return {
      verdict: result === 'more' ? 'true' : 'false',
      sentence:
        result === 'alike'
          ? `${told}: no difference seen. Both are the same family of functions.`
          : `${told}.`,
      ...rest
    }
  }
})
