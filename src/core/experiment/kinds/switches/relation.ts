import type { RunConfig } from '../../../network/config'
import { firstLayer } from '../../../network/layers/first-layer'
import { canonicalJson } from '../../../study/json'
import type { ExperimentFacts, InputFacts } from '../../kind'

/**
 * How the input y of one setting becomes that of another: ratio x (y + shift) has the other's mean
 * and standard deviation over all training values.
 */
export interface Relation {
  /** above 0 */
  readonly ratio: number
  /** in the values of the first */
  readonly shift: number
  /** ratio x (y + shift) is the other's input, value by value */
  readonly whole: boolean
}

interface Line {
  readonly scale: number
  readonly offset: number
}

/** Smaller than this in proportion, a difference was rounded. */
const ROUNDING = 1e-9

export const near = (a: number, b: number, scale = Math.max(Math.abs(a), Math.abs(b))): boolean =>
  Math.abs(a - b) <= ROUNDING * scale

function factsOf({ inputs }: ExperimentFacts, { choice }: RunConfig): InputFacts {
  const key = canonicalJson(choice)
  const found = inputs.find((input) => canonicalJson(input.choice) === key)
  if (!found) throw new RangeError(`Nothing is known of the choice ${key}.`)
  return found
}

/** A line after the choice's own. */
function through({ input }: RunConfig, { scale, offset }: Line): Line {
  return { scale: input.scale * scale, offset: input.scale * offset + input.offset }
}

/**
 * Whether a factor on the input is as good as one on the first layer: not behind a normalisation of the input,
 * which takes the factor away, nor before a residual block, whose kernels share their factors.
 */
export function scalesFirstLayer(config: RunConfig): boolean {
  const { before, kind } = firstLayer(config)
  return before === undefined && kind !== 'residual'
}

export function relate(from: RunConfig, to: RunConfig, facts: ExperimentFacts): Relation {
  const same = canonicalJson(from.choice) === canonicalJson(to.choice)
  const asIs: Relation = {
    ratio: 1,
    shift: 0,
    whole:
      same &&
      canonicalJson([from.input, from.startBias]) === canonicalJson([to.input, to.startBias])
  }
  // first biases that follow the input's offset are part of the input
  if (!scalesFirstLayer(from) || !scalesFirstLayer(to)) return asIs
  if (asIs.whole || from.startBias !== 'zero' || to.startBias !== 'zero') return asIs
  const [a, b] = [factsOf(facts, from), factsOf(facts, to)]
  const plain: Line = { scale: 1, offset: 0 }
  const [lineA, lineB] = same ? [plain, plain] : [a.affine, b.affine]
  const lines = lineA && lineB ? ([through(from, lineA), through(to, lineB)] as const) : undefined
  const whole = lines !== undefined && lines[1].scale / lines[0].scale > 0
  const [before, after] = whole
    ? lines
    : [
        through(from, { scale: a.std, offset: a.mean }),
        through(to, { scale: b.std, offset: b.mean })
      ]
  const ratio = after.scale / before.scale
  if (!(ratio > 0 && Number.isFinite(ratio))) return asIs
  const rounded = near(ratio, 1) ? 1 : ratio
  const shift = after.offset / rounded - before.offset
  const spread = from.input.scale * a.std
  return { ratio: rounded, shift: Math.abs(shift) <= ROUNDING * spread ? 0 : shift, whole }
}
