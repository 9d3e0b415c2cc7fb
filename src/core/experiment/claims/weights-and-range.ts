import { kernelFactors } from '../../network/input-scale'
import { percent } from '../../numbers'
import type { RunConfig } from '../../network/config'
import {
  accuracyAt,
  claim,
  compared,
  divisionOf,
  NO_DIVISION,
  RAW,
  UNFINISHED,
  UNIT
} from './claim'
import type { Bench, Change } from './claim'

/** An L2 factor that is felt by inputs near 1. */
const DECAY = { weightDecay: { kind: 'l2', factor: 1e-3 } } as const satisfies Change

/** The first layer's kernel set so that training on stored pixels is training on divided ones. */
export function movedKernel(bench: Bench, decay: RunConfig['weightDecay']): Change | undefined {
  const ratio = divisionOf(bench)
  if (ratio === undefined) return undefined
  const { config } = bench
  const factors = kernelFactors(ratio, config.optimiser.id, decay.kind)
  const first = (all: readonly number[], factor: number): number[] =>
    all.map((value, layer) => (layer === 0 ? value * factor : value))
  return {
    ...RAW,
    weightDecay: decay,
    initFactors: first(config.initFactors, factors.init),
    stepFactors: first(config.stepFactors, factors.step),
    epsilonFactors: first(config.epsilonFactors, factors.epsilon),
    decayFactors: first(config.decayFactors, factors.decay)
  }
}

function cellsOf(bench: Bench) {
  const moved = movedKernel(bench, bench.config.weightDecay)
  const movedDecay = movedKernel(bench, DECAY.weightDecay)
  if (!moved || !movedDecay) return undefined
  const keptDecay = { ...movedDecay, decayFactors: bench.config.decayFactors }
  return { moved, unitDecay: { ...UNIT, ...DECAY }, movedDecay, keptDecay }
}

export const WEIGHTS_AND_RANGE = claim({
  id: 'weights-and-range',
  quote: 'Initial weights and weight decay depend on the input range.',
  cells(bench) {
    const cells = cellsOf(bench)
    return cells ? [RAW, UNIT, ...Object.values(cells)] : []
  },
  judge(bench) {
    const cells = cellsOf(bench)
    if (!cells) return NO_DIVISION
    const at = (change: Change) => accuracyAt(bench, change)
    const [raw, unit, moved] = [at(RAW), at(UNIT), at(cells.moved)]
    const [unitDecay, movedDecay, keptDecay] = [
      at(cells.unitDecay),
      at(cells.movedDecay),
      at(cells.keptDecay)
    ]
    if (!raw || !unit || !moved || !unitDecay || !movedDecay || !keptDecay) return UNFINISHED
    const matters = compared(raw, unit) !== 'alike'
    const same = compared(moved, unit) === 'alike'
    const decayMatters = compared(keptDecay, movedDecay) !== 'alike'
    const sentence = `On stored pixels the network reaches ${percent(raw.mean)}, on divided ones ${percent(unit.mean)}; with initial weights and learning rate of the first layer set for the stored range, stored pixels reach ${percent(moved.mean)}. With an L2 factor of ${DECAY.weightDecay.factor}, divided pixels reach ${percent(unitDecay.mean)}; stored ones ${percent(movedDecay.mean)} where the factor is set for their range too, and ${percent(keptDecay.mean)} where it stays.`
    if (!same) return { verdict: 'depends', sentence }
    if (matters && decayMatters) return { verdict: 'true', sentence }
    return { verdict: matters || decayMatters ? 'depends' : 'false', sentence }
  }
})
