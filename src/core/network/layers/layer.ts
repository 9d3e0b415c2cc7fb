import type { ActivationId } from '../activations'
import type { Parameter } from '../setting'
import type { Builder, NodeRef } from './builder'

/** One of a few words that a person chooses between. */
export interface Option<Id extends string = string> {
  readonly name: string
  readonly help: string
  readonly options: readonly { readonly id: Id; readonly name: string; readonly text?: string }[]
  readonly default: Id
}

/** What a person says of a layer, each key with what it may be. */
export type Field =
  | (Parameter & {
      /** how the number stands in the text of a layer, before it: 's' for 's2'; absent where it leads */
      readonly text?: string
      /** what the default is where it depends on the layer's other fields */
      readonly otherwise?: (fields: Readonly<Record<string, number | string>>) => number
    })
  | Option

export type Fields = Readonly<Record<string, Field>>

type Value<F extends Field> = F extends Option<infer Id> ? Id : number

export type FieldValues<F extends Fields> = { readonly [Key in keyof F]: Value<F[Key]> }

/**
 * Which activation a layer has where none is written. 'own', of layers with a kernel: the network's,
 * unless a normalisation follows directly. 'behind': the network's if it directly follows such a layer. 'never': it has none.
 */
export type Activates = 'own' | 'behind' | 'never'

/** A kind of layer: everything about it but its numerics, which native/ and portable/ hold for its operations. */
export interface LayerKind<Id extends string = string, F extends Fields = Fields> {
  readonly id: Id
  /** in lists: 'Convolution' */
  readonly name: string
  readonly help: string
  /** what comes out of x, without the activation; statements parted by '; ' */
  readonly formula: string
  readonly source: string
  readonly activates: Activates
  readonly fields: F
  /** how it is written, without its options: 'conv3x3-16'; the fields it writes so are its `leading` */
  readonly text: {
    write(values: FieldValues<F>): string
    /** the leading fields in a word; undefined where the word is not of this kind */
    read(word: string): Readonly<Partial<Record<keyof F & string, number>>> | undefined
    /** an example for messages */
    readonly example: string
  }
  /**
   * Adds the layer's operations to a plan and returns the last. `activation` is that which the layer has,
   * if any; it is added behind by the plan unless the kind is `composite`.
   */
  build(at: Builder, input: NodeRef, values: FieldValues<F>, activation?: ActivationId): NodeRef
  /** it puts its activations between its operations itself */
  readonly composite?: boolean
}

export function layerKind<const Id extends string, const F extends Fields>(
  record: LayerKind<Id, F>
): LayerKind<Id, F> {
  return record
}

/** Whether a field is a choice between words. */
export function isOption(field: Field): field is Option {
  return 'options' in field
}
