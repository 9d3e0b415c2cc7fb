import { max } from 'd3-array'
import type { Figure } from '../../figure/figure'
import { plain } from '../../numbers'
import { effectiveNumber } from '../../statistics/effective-number'
import { meanPulls, noPulls, placesOf, startPulls } from './bright-pixels-dominate'
import { claim, NO_DIVISION, UNIT } from './claim'
import type { Bench } from './claim'
import { meanText } from './figures'
import { movedKernel } from './weights-and-range'

/** Shares further apart than this part of the greatest one are different: float32 keeps 7 digits. */
const APART = 1e-3

const movedOf = (bench: Bench) => movedKernel(bench, bench.config.weightDecay)

export const DIVISION_AND_DOMINANCE = claim({
  id: 'division-and-dominance',
  quote: 'Dividing by 255 has nothing to do with which pixel dominates.',
  // both networks of a seed are the same function: nothing is left to chance
  fewestSeeds: 1,
  cells(bench) {
    const moved = movedOf(bench)
    return moved ? [UNIT, moved] : []
  },
  judge(bench) {
    const moved = movedOf(bench)
    if (!moved) return NO_DIVISION
    const [divided, stored] = [startPulls(bench, UNIT), startPulls(bench, moved)]
    if (!divided || !stored) return noPulls(bench, [UNIT, moved])
    const greatest = max(divided, (shares) => max(shares)) ?? 0
    const furthest =
      max(divided, (shares, seed) =>
        max(shares, (share, at) => Math.abs(share - stored[seed]![at]!))
      ) ?? 0
    const means = [meanPulls(stored), meanPulls(divided)] as const
    const [before, after] = means.map((pulls) => plain(effectiveNumber(pulls), 4))
    const places = placesOf(bench.facts.images ?? { channels: 1 })
    const apart =
      furthest === 0
        ? 'are the same on stored and on divided pixels'
        : `differ by at most ${plain(furthest / greatest, 2)} of the greatest share between stored and divided pixels`
    const sentence = `For the same function of the image, the shares of the ${places} in the first layer’s gradient ${apart}: ${before} effective ${places} before, ${after} after.`
    return {
      verdict: furthest <= APART * greatest ? 'true' : 'false',
      sentence,
      figures: [sharesFigure(bench, means, places, sentence)],
      data: { furthest, greatest }
    }
  }
})

/** One point a pixel: a share that a division leaves as it is lies on the diagonal. */
function sharesFigure(
  bench: Bench,
  [stored, divided]: readonly [readonly number[], readonly number[]],
  places: ReturnType<typeof placesOf>,
  summary: string
): Figure {
  const most = Math.max(max(stored) ?? 0, max(divided) ?? 0)
  const share = { scale: 'linear', format: 'percent', min: 0, max: most } as const
  return {
    id: 'claims-pull-divided',
    title: `Pull of the ${places}, stored and divided`,
    subtitle: `share in the first layer’s gradient before training, ${meanText(bench)}`,
    definition: `One point for each of the ${places}: its share of the first layer’s gradient before training on stored pixels, with the weights that make it the same function, against its share on divided ones. On the line both are equal.`,
    summary,
    x: { label: 'share on stored pixels', ...share },
    y: { label: 'share on divided pixels', ...share },
    marks: [
      {
        ...{ kind: 'line', label: '', colour: { role: 'muted' }, dash: 'dashed' },
        ...{ x: [0, most], y: [0, most] }
      },
      {
        ...{ kind: 'points', label: places, colour: { role: 'accent' } },
        ...{ x: stored, y: divided }
      }
    ]
  }
}
