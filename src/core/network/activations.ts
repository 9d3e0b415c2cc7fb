import type { ActivationId } from './config'

/** An activation function f of a hidden unit and its derivative, at a pre-activation z. */
export interface ActivationRecord {
  readonly id: ActivationId
  readonly name: string
  readonly formula: string
  readonly source: string
  value(z: number): number
  /** at a kink the derivative from the left, as in TensorFlow: relu'(0) = 0 */
  derivative(z: number): number
  /** greatest |f'| */
  readonly maxDerivative: number
  /** bounds of f; absent where it has none on one side or both */
  readonly range?: readonly [number, number]
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

const DEFAULT_LEAKY_SLOPE = 0.01

/** The functions as a person finds them in the window; leaky relu with its default slope. */
export const ACTIVATIONS: readonly ActivationRecord[] = [
  {
    id: 'relu',
    name: 'ReLU',
    formula: 'max(0, z)',
    source: 'Nair & Hinton 2010',
    value: (z) => (z > 0 ? z : 0),
    derivative: (z) => (z > 0 ? 1 : 0),
    maxDerivative: 1
  },
  leakyRelu(DEFAULT_LEAKY_SLOPE),
  {
    id: 'sigmoid',
    name: 'Sigmoid',
    formula: '1 / (1 + exp(-z))',
    source: 'Rumelhart, Hinton & Williams 1986',
    value: sigmoid,
    derivative: (z) => sigmoid(z) * sigmoid(-z),
    maxDerivative: 0.25,
    range: [0, 1]
  },
  {
    id: 'tanh',
    name: 'tanh',
    formula: 'tanh(z)',
    source: 'LeCun, Bottou, Orr & Müller 1998',
    value: Math.tanh,
    derivative: tanhDerivative,
    maxDerivative: 1,
    range: [-1, 1]
  },
  {
    id: 'lecun-tanh',
    name: 'LeCun tanh',
    formula: '1.7159 tanh(2 z / 3)',
    source: 'LeCun, Bottou, Orr & Müller 1998',
    value: (z) => LECUN_AMPLITUDE * Math.tanh(LECUN_SLOPE * z),
    derivative: (z) => LECUN_AMPLITUDE * LECUN_SLOPE * tanhDerivative(LECUN_SLOPE * z),
    maxDerivative: LECUN_AMPLITUDE * LECUN_SLOPE,
    range: [-LECUN_AMPLITUDE, LECUN_AMPLITUDE]
  },
  {
    id: 'linear',
    name: 'Linear',
    formula: 'z',
    source: 'identity',
    value: (z) => z,
    derivative: () => 1,
    maxDerivative: 1
  }
]

/** The record of an activation; `leakySlope` is heeded by leaky relu only. */
export function activationRecord(
  id: ActivationId,
  leakySlope = DEFAULT_LEAKY_SLOPE
): ActivationRecord {
  if (id === 'leaky-relu') return leakyRelu(leakySlope)
  return ACTIVATIONS.find((record) => record.id === id)!
}

function leakyRelu(slope: number): ActivationRecord {
  return {
    id: 'leaky-relu',
    name: 'Leaky ReLU',
    formula: `z for z > 0, else ${slope} z`,
    source: 'Maas, Hannun & Ng 2013',
    value: (z) => (z > 0 ? z : slope * z),
    derivative: (z) => (z > 0 ? 1 : slope),
    maxDerivative: Math.max(1, Math.abs(slope))
  }
}

/** 1 - tanh(z)^2 as 1 / cosh(z)^2, which keeps its digits where tanh is near 1. */
function tanhDerivative(z: number): number {
  const cosh = Math.cosh(z)
  return 1 / (cosh * cosh)
}
