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
}

export const OUTPUTS = [
  {
    id: 'softmax',
    name: 'softmax',
    label: 'Softmax over the classes',
    units: (classes) => classes
  },
  {
    id: 'sigmoid',
    name: 'sigmoid',
    label: 'One sigmoid, two classes',
    units: () => 1,
    classes: 2
  }
] as const satisfies readonly OutputRecord[]

export type OutputId = (typeof OUTPUTS)[number]['id']

export function outputOf(id: OutputId): OutputRecord<OutputId> {
  return recordOf<OutputRecord<OutputId>>(OUTPUTS, id)
}
