import type { Kernels } from '../statistics/kernels/kernels'
import type { Summary } from '../statistics/summary'
import type { PreprocessingForm } from './forms/forms'
import type { Snippets } from './snippet'

/** What a fit found, for people and for code: { mean: [72.94], std: [90.02] }. */
export type Found = Readonly<Record<string, readonly number[]>>

/** A form with what its fit found, in few numbers: per-pixel constants are in the form only. */
export interface Fit {
  readonly form: PreprocessingForm
  readonly parameters: Found
}

/** What a fit of much arithmetic works with. */
export interface FitTools {
  readonly kernels: Pick<Kernels, 'covarianceMatrix' | 'inverseRoot'>
  /** of each value of the images, where it is known already */
  readonly mean?: Float64Array | undefined
  /** told the share that is done of what takes long; what it throws ends the fit */
  readonly onStep?: ((share: number) => void) | undefined
}

/** Numbers that a person gives with a choice: one for all channels, or one each. */
interface Constant {
  /** in the command line's help: 'subtracted from each value' */
  readonly help: string
  readonly default: number
  readonly nonZero?: boolean
}

export type Constants = Readonly<Record<string, Constant>>
export type ConstantValues<C extends Constants> = { readonly [Key in keyof C]: readonly number[] }

/** Another name of a choice. */
interface Alias {
  /** with who calls it so, in brackets, where it is one library or paper */
  readonly name: string
  /** in what its formula differs, or for what it is the same; absent where it is the same */
  readonly difference?: string
}

/** 'z-score, for a mean and a std of each channel of the set' */
export function aliasText({ name, difference }: Alias): string {
  return [name, difference].filter(Boolean).join(', ')
}

/** All there is to a preprocessing choice. */
export interface ChoiceRecord<
  Id extends string = string,
  C extends Constants = Readonly<Record<never, Constant>>
> {
  readonly id: Id
  readonly name: string
  /** for legends and narrow columns */
  readonly shortName: string
  /** x is a stored value; _c of a channel, _p of a pixel position, _i of an image */
  readonly formula: string
  /** names under which libraries and people know it */
  readonly alsoCalled: readonly Alias[]
  /** one or two sentences: the formula in words, and what it is fitted on */
  readonly definition: string
  readonly source?: string
  /** one colour everywhere; the line tells apart what hue cannot */
  readonly colour: {
    readonly light: string
    readonly dark: string
    readonly line: 'solid' | 'dashed' | 'dotted'
  }
  /** in the list before it is unfolded */
  readonly first?: boolean
  /** the values stay as they are stored */
  readonly stored?: boolean
  /** fitted on training images; 'covariance': on how their values vary together too */
  readonly needs?: 'images' | 'covariance'
  /** what a person gives with it */
  readonly constants?: C
  fit(summary: Summary, constants: ConstantValues<C>, tools: FitTools): Fit

  // Where constants of each pixel are too many to write out, instead of what the form says:
  /** the formula with the constants that can be written */
  describe?(found: Found): string
  snippets?(found: Found): Snippets

  /** a comment above the code: what the fit did where there was nothing to divide by */
  remark?(found: Found): string | undefined
  /** one sentence; undefined where the fit is exact */
  approximation?(found: Found): string | undefined
}

/** Says the record's id and constants to the compiler. */
export function choice<
  const Id extends string,
  const C extends Constants = Readonly<Record<never, Constant>>
>(record: ChoiceRecord<Id, C>): ChoiceRecord<Id, C> {
  return record
}
