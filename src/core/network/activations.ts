import { recordOf, valuesFrom } from './setting'
import type { Parameters, Values, ValuesOf } from './setting'

/** An activation function f of a hidden unit and its derivative, at a pre-activation z. */
export interface Activation {
  readonly formula: string
  value(z: number): number
  /** at a kink the derivative from the left, as in TensorFlow: relu'(0) = 0 */
  derivative(z: number): number
  /** greatest |f'| */
  readonly maxDerivative: number
  /** bounds of f; absent where it has none on one side or both */
  readonly range?: readonly [number, number]
}

export interface ActivationRecord<Id extends string = string, P extends Parameters = Parameters> {
  readonly id: Id
  /** within a sentence: 'leaky ReLU' */
  readonly name: string
  readonly source: string
  readonly parameters: P
  /**
   * 'rectified': hardly any gradient passes below 0, by design; 'straight': f' is the same everywhere;
   * 'curved' otherwise
   */
  readonly shape: 'curved' | 'rectified' | 'straight'
  /** f and f' are exactly 0 for every z <= 0: a unit that is there for all images cannot recover */
  readonly canDie?: boolean
  define(values: Values<P>): Activation
}

/** An activation with its parameters set, and what it is called. */
export type NamedActivation = Activation &
  Pick<ActivationRecord, 'id' | 'name' | 'source' | 'shape' | 'canDie'>

/** Says the record's parameters to `define`. */
export function activation<const Id extends string, const P extends Parameters>(
  record: ActivationRecord<Id, P>
): ActivationRecord<Id, P> {
  return record
}

/** 1 / (1 + exp(-z)) without overflow. */
export function sigmoid(z: number): number {
  if (z >= 0) return 1 / (1 + Math.exp(-z))
  const grown = Math.exp(z)
  return grown / (1 + grown)
}

/** LeCun's scaled tanh is A tanh(S z): f(1) = 1 and f(-1) = -1 within 3e-5. */
export const LECUN_AMPLITUDE = 1.7159
export const LECUN_SLOPE = 2 / 3

/** All activations, in the order in which they are offered; native/ and portable/ have one half each. */
export const ACTIVATIONS = [
  activation({
    id: 'relu',
    name: 'ReLU',
    source: 'Nair & Hinton 2010',
    parameters: {},
    shape: 'rectified',
    canDie: true,
    define: () => ({
      formula: 'max(0, z)',
      value: (z) => (z > 0 ? z : 0),
      derivative: (z) => (z > 0 ? 1 : 0),
      maxDerivative: 1
    })
  }),
  activation({
    id: 'leaky-relu',
    name: 'leaky ReLU',
    source: 'Maas, Hannun & Ng 2013',
    parameters: {
      leakySlope: {
        name: 'Negative slope',
        help: 'slope for z < 0',
        limits: { min: 0, max: 1 },
        default: 0.01
      }
    },
    shape: 'rectified',
    define: ({ leakySlope }) => ({
      formula: `z for z > 0, else ${leakySlope} z`,
      value: (z) => (z > 0 ? z : leakySlope * z),
      derivative: (z) => (z > 0 ? 1 : leakySlope),
      maxDerivative: Math.max(1, Math.abs(leakySlope))
    })
  }),
  activation({
    id: 'sigmoid',
    name: 'sigmoid',
    source: 'Rumelhart, Hinton & Williams 1986',
    parameters: {},
    shape: 'curved',
    define: () => ({
      formula: '1 / (1 + exp(-z))',
      value: sigmoid,
      derivative: (z) => sigmoid(z) * sigmoid(-z),
      maxDerivative: 0.25,
      range: [0, 1]
    })
  }),
  activation({
    id: 'tanh',
    name: 'tanh',
    source: 'LeCun, Bottou, Orr & Müller 1998',
    parameters: {},
    shape: 'curved',
    define: () => ({
      formula: 'tanh(z)',
      value: Math.tanh,
      derivative: tanhDerivative,
      maxDerivative: 1,
      range: [-1, 1]
    })
  }),
  activation({
    id: 'lecun-tanh',
    name: 'LeCun tanh',
    source: 'LeCun, Bottou, Orr & Müller 1998',
    parameters: {},
    shape: 'curved',
    define: () => ({
      formula: '1.7159 tanh(2 z / 3)',
      value: (z) => LECUN_AMPLITUDE * Math.tanh(LECUN_SLOPE * z),
      derivative: (z) => LECUN_AMPLITUDE * LECUN_SLOPE * tanhDerivative(LECUN_SLOPE * z),
      maxDerivative: LECUN_AMPLITUDE * LECUN_SLOPE,
      range: [-LECUN_AMPLITUDE, LECUN_AMPLITUDE]
    })
  }),
  activation({
    id: 'linear',
    name: 'linear',
    source: 'identity',
    parameters: {},
    shape: 'straight',
    define: () => ({
      formula: 'z',
      value: (z) => z,
      derivative: () => 1,
      maxDerivative: 1
    })
  })
] as const satisfies readonly ActivationRecord[]

export type ActivationId = (typeof ACTIVATIONS)[number]['id']
export type ActivationValues = ValuesOf<typeof ACTIVATIONS>

/** The activation of a record; parameters that are not given have their defaults. */
export function defined(
  { define, parameters, ...told }: ActivationRecord,
  values: object = {}
): NamedActivation {
  return { ...told, ...define(valuesFrom(parameters, values)) }
}

/** The activation of an id, with the parameters that a configuration gives it. */
export function activationOf(
  id: ActivationId,
  values: Partial<ActivationValues> = {}
): NamedActivation {
  return defined(recordOf<ActivationRecord>(ACTIVATIONS, id), values)
}

/** 1 - tanh(z)^2 as 1 / cosh(z)^2, which keeps its digits where tanh is near 1. */
function tanhDerivative(z: number): number {
  const cosh = Math.cosh(z)
  return 1 / (cosh * cosh)
}
