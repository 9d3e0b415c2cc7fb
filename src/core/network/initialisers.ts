import { recordOf } from './setting'
import type { Parameters, Values, ValuesOf } from './setting'

/** A distribution of initial weights; biases start at 0 with every one of them. */
export interface InitialiserRecord<Id extends string = string, P extends Parameters = Parameters> {
  readonly id: Id
  readonly name: string
  /** std or limit as a formula in n_in and n_out */
  readonly formula: string
  readonly source: string
  readonly parameters: P
  readonly kind: 'uniform' | 'truncated-normal' | 'normal'
  /** the weights' standard deviation; of a uniform distribution the limit is sqrt(3) times as much */
  std(inputs: number, outputs: number, values: Values<P>): number
}

export function initialiser<const Id extends string, const P extends Parameters>(
  record: InitialiserRecord<Id, P>
): InitialiserRecord<Id, P> {
  return record
}

/** All initialisers, in the order in which they are offered. */
export const INITIALISERS = [
  initialiser({
    id: 'glorot-uniform',
    name: 'Glorot uniform',
    formula: 'U(-a, a), a = sqrt(6 / (n_in + n_out))',
    source: 'Glorot & Bengio 2010',
    parameters: {},
    kind: 'uniform',
    std: (inputs, outputs) => Math.sqrt(2 / (inputs + outputs))
  }),
  initialiser({
    id: 'glorot-normal',
    name: 'Glorot normal',
    formula: 'truncated N(0, s), s = sqrt(2 / (n_in + n_out))',
    source: 'Glorot & Bengio 2010',
    parameters: {},
    kind: 'truncated-normal',
    std: (inputs, outputs) => Math.sqrt(2 / (inputs + outputs))
  }),
  initialiser({
    id: 'he-uniform',
    name: 'He uniform',
    formula: 'U(-a, a), a = sqrt(6 / n_in)',
    source: 'He et al. 2015',
    parameters: {},
    kind: 'uniform',
    std: (inputs) => Math.sqrt(2 / inputs)
  }),
  initialiser({
    id: 'he-normal',
    name: 'He normal',
    formula: 'truncated N(0, s), s = sqrt(2 / n_in)',
    source: 'He et al. 2015',
    parameters: {},
    kind: 'truncated-normal',
    std: (inputs) => Math.sqrt(2 / inputs)
  }),
  initialiser({
    id: 'lecun-normal',
    name: 'LeCun normal',
    formula: 'truncated N(0, s), s = sqrt(1 / n_in)',
    source: 'LeCun, Bottou, Orr & Müller 1998',
    parameters: {},
    kind: 'truncated-normal',
    std: (inputs) => Math.sqrt(1 / inputs)
  }),
  initialiser({
    id: 'normal',
    name: 'Normal, given std',
    formula: 'N(0, s), s given',
    source: 'Keras RandomNormal',
    parameters: {
      initialStd: {
        name: 'Std of the weights',
        help: 'std of the initial weights',
        limits: { above: 0 },
        default: 0.05
      }
    },
    kind: 'normal',
    std: (_inputs, _outputs, { initialStd }) => initialStd
  })
] as const satisfies readonly InitialiserRecord[]

export type InitialiserId = (typeof INITIALISERS)[number]['id']
export type InitialiserValues = ValuesOf<typeof INITIALISERS>

export function initialiserOf(id: InitialiserId): InitialiserRecord<InitialiserId> {
  return recordOf<InitialiserRecord<InitialiserId>>(INITIALISERS, id)
}
