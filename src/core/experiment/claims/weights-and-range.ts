import { kernelFactors } from '../../network/input-scale'
import { percent } from '../../numbers'
import type { RunConfig } from '../../network/config'
import {
  accuracyAt,
  claim,
  compared,
  divisionOf,
  doubtOf,
  NO_DIVISION,
  RAW,
  undecided,
  UNFINISHED,
  UNIT
} from './claim'
import type { Bench, Change, Verdict } from './claim'
import { barsFigure } from './figures'
import { scalesFirstLayer } from '../kinds/switches/relation'

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

const NOT_OF_FIRST_LAYER: Verdict = {
  verdict: 'open',
  sentence:
    'Not asked of a network that normalises its input, or begins with a residual block: no weights of a first layer are as good as another range there.'
}

export const WEIGHTS_AND_RANGE = claim({
  id: 'weights-and-range',
  quote: 'Initial weights and weight decay depend on the input range.',
  cells(bench) {
    if (!scalesFirstLayer(bench.config)) return []
    const cells = cellsOf(bench)
    return cells ? [RAW, UNIT, ...Object.values(cells)] : []
  },
  judge(bench) {
    if (!scalesFirstLayer(bench.config)) return NOT_OF_FIRST_LAYER
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
    const results = {
      stored: compared(raw, unit),
      moved: compared(moved, unit),
      decay: compared(keptDecay, movedDecay)
    }
    const sentence = `On stored pixels the network reaches ${percent(raw.mean)}, on divided ones ${percent(unit.mean)}; with initial weights and learning rate of the first layer set for the stored range, stored pixels reach ${percent(moved.mean)}. With an L2 factor of ${DECAY.weightDecay.factor}, divided pixels reach ${percent(unitDecay.mean)}; stored ones ${percent(movedDecay.mean)} where the factor is set for their range too, and ${percent(keptDecay.mean)} where it stays.`
    const rows = [
      { name: 'As stored', colour: RAW, accuracy: raw },
      { name: 'As stored, set for its range', colour: RAW, accuracy: moved },
      { name: '[0, 1]', colour: UNIT, accuracy: unit },
      { name: 'As stored, L2 as it is', colour: RAW, accuracy: keptDecay },
      { name: 'As stored, L2 for its range', colour: RAW, accuracy: movedDecay },
      { name: '[0, 1], L2', colour: UNIT, accuracy: unitDecay }
    ].map(({ colour, ...row }) => ({ ...row, colour: { choice: colour.choice.id } }))
    const figure = barsFigure(bench, {
      ...{
        claim: 'weights-and-range',
        name: 'Accuracy with settings for the input’s range',
        rows
      },
      of: `Set for its range: the first layer’s initial weights and learning rate are those with which training on stored pixels is the same as training on divided ones. L2: a factor of ${DECAY.weightDecay.factor}; for its range: multiplied, in the first layer, by what keeps training the same.`
    })
    const rest = { figures: [figure] }
    const all = Object.values(results)
    // each of the three is needed: where the networks of one have learned nothing, it is not known
    const doubt = all.includes('untrained') ? 'untrained' : doubtOf(...all)
    if (doubt) return undecided(doubt, sentence, rest)
    if (results.moved !== 'alike') return { verdict: 'depends', sentence, ...rest }
    const matters = [results.stored, results.decay].filter((one) => one !== 'alike')
    const verdict = (['false', 'depends', 'true'] as const)[matters.length]!
    return { verdict, sentence, ...rest }
  }
})
