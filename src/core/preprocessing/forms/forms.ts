import { AFFINE } from './affine'
import type { FormRecord } from './form'
import { IMAGE_EQUALISE } from './image-equalise'
import { IMAGE_LENGTH } from './image-length'
import { IMAGE_RANGE } from './image-range'
import { IMAGE_STANDARDISE } from './image-standardise'
import { LINEAR } from './linear'
import { LOG } from './log'

/** Every kind of form. */
const FORMS = [
  AFFINE,
  LOG,
  IMAGE_STANDARDISE,
  IMAGE_RANGE,
  IMAGE_LENGTH,
  IMAGE_EQUALISE,
  LINEAR
] as const

type FormOf<Entry> = Entry extends FormRecord<infer Form> ? Form : never

/** What a fitted choice does to an image x of D = height x width x channels values. */
export type PreprocessingForm = FormOf<(typeof FORMS)[number]>

/** The arithmetic of a form. */
export function formRecord<Form extends PreprocessingForm>({ kind }: Form): FormRecord<Form> {
  // the record of a kind takes the forms of that kind
  return FORMS.find((record) => record.kind === kind) as unknown as FormRecord<Form>
}
