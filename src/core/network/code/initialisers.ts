import { TRUNCATED_STD } from '../weights'
import type { RunConfig } from '../config'
import type { InitialiserId } from '../initialisers'
import { real } from './python'
import type { Lines } from './python'

interface Written {
  readonly keras: (config: RunConfig) => string
  readonly pytorch: {
    /** what is done to the weights of a kernel */
    readonly statement: (config: RunConfig) => string
    readonly helper?: Lines
  }
}

const TRUNCATED = [
  'def truncated_normal(weight, std):',
  '    # cut off at two standard deviations, and as much wider before',
  `    std = std / ${TRUNCATED_STD}`,
  '    nn.init.trunc_normal_(weight, std=std, a=-2 * std, b=2 * std)'
]

/** A normal distribution with the square of its std a number over inputs, or inputs and outputs. */
const truncated = (keras: string, square: string): Written => ({
  keras: () => keras,
  pytorch: {
    statement: () => `truncated_normal(module.weight, (${square}) ** 0.5)`,
    helper: TRUNCATED
  }
})

export const INITIALISER_CODE: Readonly<Record<InitialiserId, Written>> = {
  'glorot-uniform': {
    keras: () => '"glorot_uniform"',
    pytorch: { statement: () => 'nn.init.xavier_uniform_(module.weight)' }
  },
  'glorot-normal': truncated('"glorot_normal"', '2 / (inputs + outputs)'),
  'he-uniform': {
    keras: () => '"he_uniform"',
    pytorch: {
      statement: () => 'nn.init.kaiming_uniform_(module.weight, nonlinearity="relu")'
    }
  },
  'he-normal': truncated('"he_normal"', '2 / inputs'),
  'lecun-normal': truncated('"lecun_normal"', '1 / inputs'),
  normal: {
    keras: ({ initialStd }) => `keras.initializers.RandomNormal(stddev=${real(initialStd)})`,
    pytorch: {
      statement: ({ initialStd }) => `nn.init.normal_(module.weight, std=${real(initialStd)})`
    }
  }
}
