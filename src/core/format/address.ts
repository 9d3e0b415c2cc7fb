import { NormscopeError } from '../error'

/** 'https://…' in place of a path. */
export const isAddress = (path: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//i.test(path)

export function addressGiven(address: string): NormscopeError {
  return new NormscopeError({
    code: 'address',
    message: `${address} is an address. Normscope works offline and loads nothing: download the file, and open it where it lies.`,
    path: address,
    expected: 'a path on this computer',
    actual: 'an address',
    hint: 'Download the file first.'
  })
}
