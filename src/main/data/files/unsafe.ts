import { NormscopeError } from '../../../core/error'
import { baseName } from '../../../core/format/source'

/** The error of an archive whose names lead out of it. */
export function unsafeArchive(path: string, name: string): NormscopeError {
  return new NormscopeError({
    code: 'unsafe-archive',
    message: `${baseName(path)} holds a file named ${name}, which leads out of the archive. Such archives are made to overwrite files; do not unpack it.`,
    path,
    expected: 'names within the archive',
    actual: name,
    hint: 'Ask whoever made the archive for one without such names.'
  })
}
