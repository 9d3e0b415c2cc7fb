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
  /** what it is with one sigmoid output, where p is the probability of the image's own class */
  readonly binary: string
  readonly parameters: P
  /** probabilities are held in [clip, 1 - clip]: a wrong image beyond it may have no gradient */
  readonly clip?: number
  /** of its lines in figures of training */
  readonly dash: 'solid' | 'dashed' | 'dotted'
}

export function loss<const Id extends string, const P extends Parameters>(
  record: LossRecord<Id, P>
): LossRecord<Id, P> {
  return record
}

/** Keras' epsilon, from its first version to today's. */
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
    source:
      'TensorFlow’s Keras from 1.14 on and Keras 3 on TensorFlow, which take the logits behind a softmax; PyTorch, CrossEntropyLoss; Keras, from_logits=True',
    binary: '−log p from the logit; with from_logits=True, and behind a sigmoid on TensorFlow',
    parameters: {},
    dash: 'solid'
  }),
  loss({
    id: 'clipped',
    name: 'clipped',
    label: 'clipped loss',
    help: 'the label’s probability clipped to [1e−7, 1 − 1e−7], as in Keras 3 on JAX and on PyTorch today',
    formula: '−log clip(p, 1e−7, 1 − 1e−7)',
    derivative: 'p − y, and 0 where the label’s p is clipped',
    source:
      'Keras 3.15 on JAX and PyTorch, sparse_categorical_crossentropy; TensorFlow.js, categoricalCrossentropy',
    binary: 'the same, −log clip(p); Keras 3 on JAX and PyTorch, binary_crossentropy',
    parameters: {},
    clip: LOSS_CLIP,
    dash: 'dashed'
  }),
  loss({
    id: 'clipped-2018',
    name: 'clipped (2018)',
    label: 'loss of 2018',
    help: 'all probabilities clipped to [1e−7, 1 − 1e−7], then renormalised, as in TensorFlow 1.11 to 1.13',
    formula: '−log q, q = softmax(l) at the label, lⱼ = log clip(pⱼ, 1e−7, 1 − 1e−7)',
    derivative: 'by zₘ: Σ over the unclipped j of (qⱼ − yⱼ)(δⱼₘ − pₘ); 0 where every pⱼ is clipped',
    source: 'TensorFlow 1.11.0 to 1.13.1, tf.keras backend sparse_categorical_crossentropy',
    binary:
      'as clipped: the logit of clip(p) is used, and renormalising two probabilities that sum to 1 changes nothing',
    parameters: {},
    clip: LOSS_CLIP,
    dash: 'dotted'
  })
] as const satisfies readonly LossRecord[]

export type LossId = (typeof LOSSES)[number]['id']

export function lossOf(id: LossId): LossRecord<LossId> {
  return recordOf<LossRecord<LossId>>(LOSSES, id)
}
