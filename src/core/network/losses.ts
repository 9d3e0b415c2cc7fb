import { recordOf } from './setting'
import type { Parameters } from './setting'

/** A loss of one image, from the probability p of its label. */
export interface LossRecord<Id extends string = string, P extends Parameters = Parameters> {
  readonly id: Id
  /** in lists and tables */
  readonly name: string
  /** in the name of a run */
  readonly label: string
  /** what a person reads beside the choice */
  readonly help: string
  readonly formula: string
  /** with respect to the logits; y is 1 at the label, else 0 */
  readonly derivative: string
  readonly source: string
  readonly parameters: P
  /** p is held in [clip, 1 - clip]: outside, the gradient is exactly 0 */
  readonly clip?: number
  /** of its lines in figures of training */
  readonly dash: 'solid' | 'dashed'
}

export function loss<const Id extends string, const P extends Parameters>(
  record: LossRecord<Id, P>
): LossRecord<Id, P> {
  return record
}

/** Keras' epsilon of 2018. */
export const LOSS_CLIP = 1e-7

/** All losses, in the order in which they are offered; native/ and portable/ have one half each. */
export const LOSSES = [
  loss({
    id: 'exact',
    name: 'exact',
    label: 'exact loss',
    help: 'cross-entropy from the logits, as in PyTorch',
    formula: '−log p',
    derivative: 'p − y',
    source: 'Keras, CategoricalCrossentropy(from_logits=True); PyTorch, CrossEntropyLoss',
    parameters: {},
    dash: 'solid'
  }),
  loss({
    id: 'clipped',
    name: '2018, clipped',
    label: '2018 loss',
    help: 'probabilities held in [1e−7, 1 − 1e−7] before the logarithm, as in Keras of 2018',
    formula: '−log clip(p, 1e−7, 1 − 1e−7)',
    derivative: 'p − y, and 0 where p is clipped',
    source: 'Keras 2.1, backend categorical_crossentropy',
    parameters: {},
    clip: LOSS_CLIP,
    dash: 'dashed'
  })
] as const satisfies readonly LossRecord[]

export type LossId = (typeof LOSSES)[number]['id']

export function lossOf(id: LossId): LossRecord<LossId> {
  return recordOf<LossRecord<LossId>>(LOSSES, id)
}
