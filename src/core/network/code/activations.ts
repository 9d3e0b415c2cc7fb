import { LECUN_AMPLITUDE } from '../activations'
import type { ActivationId } from '../activations'
import type { RunConfig } from '../config'
import { call, real } from './python'
import type { Call } from './python'

interface Written {
  /** a layer of its own; absent: nothing is done */
  readonly keras?: (config: RunConfig) => Call
  /** what a layer takes as its `activation`, where it can */
  readonly keyword?: string
  readonly pytorch?: (config: RunConfig) => Call
}

const named = (keyword: string, module: string): Written => ({
  keyword,
  keras: () => call('layers.Activation', [keyword]),
  pytorch: () => call(module)
})

const LECUN_KERAS = [
  'def lecun_tanh(z):',
  `    return ${LECUN_AMPLITUDE} * keras.ops.tanh(2 * z / 3)`
]
const LECUN_PYTORCH = [
  'class LecunTanh(nn.Module):',
  '    def forward(self, z):',
  `        return ${LECUN_AMPLITUDE} * torch.tanh(2 * z / 3)`
]

export const ACTIVATION_CODE: Readonly<Record<ActivationId, Written>> = {
  relu: named('"relu"', 'nn.ReLU'),
  'leaky-relu': {
    keras: ({ leakySlope }) => call('layers.LeakyReLU', [`negative_slope=${real(leakySlope)}`]),
    pytorch: ({ leakySlope }) => call('nn.LeakyReLU', [real(leakySlope)])
  },
  sigmoid: named('"sigmoid"', 'nn.Sigmoid'),
  tanh: named('"tanh"', 'nn.Tanh'),
  'lecun-tanh': {
    keras: () => call('layers.Activation', ['lecun_tanh'], LECUN_KERAS),
    pytorch: () => call('LecunTanh', [], LECUN_PYTORCH)
  },
  linear: {}
}
