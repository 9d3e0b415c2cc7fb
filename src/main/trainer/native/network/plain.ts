import type { OperationOf } from '../../../../core/network/layers/builder'
import { ACTIVATION_NODES } from './activations'
import { formed } from './operation'
import type { OperationNodes } from './operation'

export const INPUT: OperationNodes<OperationOf<'input'>> = {
  forward: (pass) => ({ output: formed(pass, 0, pass.x) }),
  backward: () => ({ inputs: [] })
}

export const ACTIVATION: OperationNodes<OperationOf<'activation'>> = {
  forward: ({ ops, config }, { activation }, [z]) => ({
    output: ACTIVATION_NODES[activation].forward(ops, z!, config)
  }),
  backward: ({ ops, config }, { activation }, { inputs: [z], output: a }, upstream) => ({
    inputs: [ACTIVATION_NODES[activation].gradient(ops, { upstream, z: z!, a }, config)]
  })
}

export const ADD: OperationNodes<OperationOf<'add'>> = {
  forward: ({ ops }, _node, [a, b]) => ({ output: ops.binary('AddV2', a!, b!) }),
  backward: (_pass, _node, _made, upstream) => ({ inputs: [upstream, upstream] })
}
