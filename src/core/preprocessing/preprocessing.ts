import type { ChoiceRecord, ConstantValues, Found } from './choice'
import { CHOICES } from './choices/list'
import type { ImageShape } from './forms/form'
import type { PreprocessingForm } from './forms/forms'
import type { InputMap } from './input'

export type { Applier } from './forms/form'
export type { PreprocessingForm } from './forms/forms'

type Records = (typeof CHOICES)[number]
type SpecOf<Entry> =
  Entry extends ChoiceRecord<infer Id, infer C> ? { readonly id: Id } & ConstantValues<C> : never
type WithConstants<Entry> = Entry extends { readonly constants?: infer C }
  ? [keyof NonNullable<C>] extends [never]
    ? never
    : Entry
  : never

export type ChoiceId = Records['id']

/** A choice that brings constants of a person. */
export type ConstantsSpec = SpecOf<WithConstants<Records>>

/** A choice as a person makes it. */
export type ChoiceSpec = { readonly id: Exclude<ChoiceId, ConstantsSpec['id']> } | ConstantsSpec

/** The identifiers of the preprocessing choices, in the order in which they are shown. */
export const CHOICE_IDS: readonly ChoiceId[] = CHOICES.map(({ id }) => id)

/** A choice fitted on the training split. */
export interface FittedPreprocessing extends ImageShape {
  readonly choice: ChoiceSpec
  readonly form: PreprocessingForm
  readonly parameters: Found
  /** done to what the form gives, before it is rounded */
  readonly after?: InputMap
}
