import { NormscopeError } from '../../error'
import { baseName } from '../source'

export function refused(path: string, what: string): NormscopeError {
  return new NormscopeError({
    code: 'refused-pickle',
    message: `${baseName(path)} is a pickle that asks Python for ${what}. Only arrays, numbers, texts, lists and dictionaries are read of one, and nothing is ever run. Save the arrays with numpy.savez.`,
    path,
    expected: 'NumPy arrays, numbers, texts, lists and dictionaries',
    actual: what,
    hint: 'Save the arrays with numpy.savez.'
  })
}

export function corruptPickle(path: string, actual: string): NormscopeError {
  return new NormscopeError({
    code: 'corrupt-pickle',
    message: `${baseName(path)} cannot be read as a pickle: ${actual}. Copy or download it again, or save the arrays with numpy.savez.`,
    path,
    expected: 'a pickle of protocol 0 to 5',
    actual
  })
}
