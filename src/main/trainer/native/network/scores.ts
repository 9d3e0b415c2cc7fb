import type { RunConfig } from '../../../../core/network/config'
import { LOSS_CLIP } from '../../../../core/network/losses'
import type { Tensor } from '../tensorflow/graph'
import type { Ops } from '../tensorflow/ops'
import { GREATEST, LEAST, sampleLoss } from './losses'
import { outputSums, sumsOf } from './sums'

/** What is said of the logits of one batch, or of a loop's batches one by one. */
export interface Scores {
  /** in a loop of the step given */
  take(logits: Tensor, step?: Tensor): Score
  /**
   * Outputs SUM_OUTPUTS of what was taken, in a loop of each step, after a name and an underscore; gives whether
   * all exact losses are finite. `done` is what comes after all batches.
   */
  output(done: Tensor): Tensor
}

interface Score {
  /** [batch, outputs], of the mean loss with respect to the logits */
  readonly gradient: Tensor
  /** [batch], int32: see SampleLoss; absent in a loop of TensorFlow's own operations */
  readonly guess?: Tensor
  /** comes before a loop's next step */
  readonly taken: Tensor
}

interface Of {
  readonly ops: Ops
  readonly config: Pick<RunConfig, 'loss' | 'output'>
  readonly name: string
  /** [batch], or in a loop [steps, batch] */
  readonly labels: Tensor
  /** of a loop */
  readonly steps?: Tensor
}

export function scores(of: Of): Scores {
  const { ops, steps } = of
  if (ops.own) return ownScores(of)
  return steps ? scoresOfLoop(of, steps) : scoresOfBatch(of)
}

/** What NormscopeLoss counts, in its order. */
const COUNTED = ['loss', 'hits', 'zeroGradient', 'trapped', 'notFinite'] as const

/** By an own kernel, which writes sums into memory that is there before the loop. */
function ownScores({ ops, config, name, labels, steps = ops.constant('int32', 1) }: Of): Scores {
  const shape = ops.pack([ops.constant('int32', COUNTED.length), steps])
  // a copy, for what is constant has one memory for all calls
  const sums = ops.unary('DeepCopy', ops.fill(shape, ops.constant('double', 0)))
  return {
    take(logits, step = ops.constant('int32', 0)) {
      const inputs = [logits, labels, step, sums]
      const attributes = {
        output: { string: config.output },
        loss: { string: config.loss },
        clip: { float: LOSS_CLIP },
        most: { float: GREATEST },
        little: { float: LEAST }
      }
      const [gradient, guess] = ops.graph.add('NormscopeLoss', inputs, ['float', 'int32'], {
        attributes
      }) as [Tensor, Tensor]
      return { gradient, guess, taken: gradient }
    },
    output(done) {
      const counted = ops.afterAll(sums, [done])
      const count = (of: (typeof COUNTED)[number]): Tensor =>
        ops.gather(counted, ops.constant('int32', COUNTED.indexOf(of)))
      const whole = (of: (typeof COUNTED)[number]): Tensor => ops.cast(count(of), 'int32')
      outputSums(ops, name, {
        loss: count('loss'),
        hits: whole('hits'),
        zeroGradient: whole('zeroGradient'),
        trapped: whole('trapped')
      })
      return ops.all(ops.compare('Equal', count('notFinite'), ops.constant('double', 0)))
    }
  }
}

function scoresOfBatch({ ops, config, name, labels }: Of): Scores {
  let sample: ReturnType<typeof sampleLoss> | undefined
  return {
    take(logits) {
      sample = sampleLoss(ops, config, logits, labels)
      const size = ops.cast(ops.size(labels), 'float')
      const gradient = ops.binary('RealDiv', sample.gradient, size)
      return { gradient, guess: sample.guess, taken: gradient }
    },
    output() {
      outputSums(ops, name, sumsOf(ops, sample!, labels))
      return ops.all(ops.isFinite(sample!.exact))
    }
  }
}

/** Keeps the logits of every step: what is counted of them is counted after the loop, of all steps at once. */
function scoresOfLoop({ ops, config, name, labels }: Of, steps: Tensor): Scores {
  const logits = ops.array('float', steps)
  const batch = ops.cast(ops.binary('FloorDiv', ops.size(labels), steps), 'float')
  return {
    take(given, step) {
      const { gradient } = sampleLoss(ops, config, given, ops.gather(labels, step!))
      const taken = ops.writeTo(logits, step!, given)
      return { gradient: ops.binary('RealDiv', gradient, batch), taken }
    },
    output(done) {
      const sample = sampleLoss(ops, config, ops.joined(logits, done), ops.reshape(labels, [-1]))
      outputSums(ops, name, sumsOf(ops, sample, labels))
      return ops.all(ops.isFinite(sample.exact))
    }
  }
}
