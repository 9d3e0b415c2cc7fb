import { recordOf } from './setting'

/** How the last layer's values become probabilities. */
interface OutputRecord<Id extends string = string> {
  readonly id: Id
  readonly name: string
  /** in the dialog */
  readonly label: string
  units(classes: number): number
  /** the classes that it can tell apart; absent where any number */
  readonly classes?: number
  /**
   * The greatest eigenvalue of the cross-entropy's second derivatives with respect to the logits:
   * at most, and where all classes are equally probable
   */
  readonly hessian: { readonly most: number; even(classes: number): number }
}

export const OUTPUTS = [
  {
    id: 'softmax',
    name: 'softmax',
    label: 'Softmax over the classes',
    units: (classes) => classes,
    // of diag(p) - p p^T (Boehning 1992); 1 / k at p = 1 / k
    hessian: { most: 1 / 2, even: (classes) => 1 / classes }
  },
  {
    id: 'sigmoid',
    name: 'sigmoid',
    label: 'One sigmoid, two classes',
    units: () => 1,
    classes: 2,
    // p (1 - p)
    hessian: { most: 1 / 4, even: () => 1 / 4 }
  }
] as const satisfies readonly OutputRecord[]

export type OutputId = (typeof OUTPUTS)[number]['id']

export function outputOf(id: OutputId): OutputRecord<OutputId> {
  return recordOf<OutputRecord<OutputId>>(OUTPUTS, id)
}
