import { plain } from '../../numbers'
import { effectiveNumber } from '../../preprocessing/distribution'
import { placesOf, startPulls } from './bright-pixels-dominate'
import { claim, NO_DIVISION, UNFINISHED, UNIT } from './claim'
import type { Bench } from './claim'
import { movedKernel } from './weights-and-range'

/** Shares further apart than this part of the greatest one are different: float32 keeps 7 digits. */
const APART = 1e-3

const movedOf = (bench: Bench) => movedKernel(bench, bench.config.weightDecay)

export const DIVISION_AND_DOMINANCE = claim({
  id: 'division-and-dominance',
  quote: 'Dividing by 255 has nothing to do with which pixel dominates.',
  cells(bench) {
    const moved = movedOf(bench)
    return moved ? [UNIT, moved] : []
  },
  judge(bench) {
    const moved = movedOf(bench)
    if (!moved) return NO_DIVISION
    const [divided, stored] = [startPulls(bench, UNIT), startPulls(bench, moved)]
    if (!divided || !stored) return UNFINISHED
    const greatest = Math.max(...divided)
    const furthest = Math.max(...divided.map((share, at) => Math.abs(share - stored[at]!)))
    const [before, after] = [stored, divided].map((pulls) => plain(effectiveNumber(pulls), 4))
    const places = placesOf(bench.facts.images ?? { channels: 1 })
    const sentence = `For the same function of the image, the shares of the ${places} in the first layer’s gradient differ by at most ${plain(furthest / greatest, 2)} of the greatest share between stored and divided pixels: ${before} effective ${places} before, ${after} after.`
    return {
      verdict: furthest <= APART * greatest ? 'true' : 'false',
      sentence,
      data: { furthest, greatest }
    }
  }
})
