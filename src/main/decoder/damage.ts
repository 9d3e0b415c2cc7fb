import { NormscopeError } from '../../core/error'
import { baseName } from '../../core/format/source'
import { grouped } from '../../core/numbers'

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

/** What decoders say of whole files that they do not know how to read. */
const UNSUPPORTED = /not support/i

/** What every error of a picture that cannot be decoded says. */
export function corrupt(name: string, why: string): NormscopeError {
  const reason = why.replace(/\s+/g, ' ').trim().replace(/\.$/, '')
  if (UNSUPPORTED.test(reason)) {
    return new NormscopeError({
      code: 'unsupported-image',
      message: `${baseName(name)} is of a kind that cannot be decoded: ${reason}. Save it as PNG.`,
      path: name,
      expected: 'PNG, JPEG, WebP, BMP, GIF, TIFF, or uncompressed DICOM',
      actual: reason,
      hint: 'Save the picture as PNG; it keeps 16 bits.'
    })
  }
  return new NormscopeError({
    code: 'corrupt-image',
    message: `${baseName(name)} cannot be decoded: ${reason}. Replace or remove the file.`,
    path: name,
    expected: 'a whole image file',
    actual: reason,
    hint: 'Open with --damaged leave-out, or in the window with “Leave damaged pictures out”, to go on without it.'
  })
}

/** The error of a file that is not read at all for its size. */
export function tooManyBytes(name: string, bytes: number, most: number): NormscopeError {
  return new NormscopeError({
    code: 'image-too-large',
    message: `${baseName(name)} has ${grouped(bytes)} bytes; a picture may have up to ${grouped(most)}. Make it smaller, or remove it.`,
    path: name,
    expected: `at most ${grouped(most)} bytes`,
    actual: `${grouped(bytes)} bytes`
  })
}
