import { NormscopeError } from '../../core/error'
import { baseName } from '../../core/format/source'

/** Why a file is no whole image; the caller knows its name. */
export class Damage extends Error {
  override readonly name = 'Damage'
}

export interface ImageSize {
  /** pixels */
  readonly height: number
  /** pixels */
  readonly width: number
}

/** What every error of a picture that cannot be decoded says. */
export function corrupt(name: string, why: string): NormscopeError {
  const reason = why.replace(/\s+/g, ' ').trim().replace(/\.$/, '')
  return new NormscopeError({
    code: 'corrupt-image',
    message: `${baseName(name)} cannot be decoded: ${reason}. Replace or remove the file.`,
    path: name,
    expected: 'a whole image file',
    actual: reason
  })
}
