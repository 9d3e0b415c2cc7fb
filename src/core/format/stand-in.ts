import { NormscopeError } from '../error'
import type { ErrorFacts } from '../error'
import { sniff } from './sniff'
import type { Kind } from './sniff'
import { baseName } from './source'

/** What comes, unpacked, in place of data when it was packed, downloaded or checked out wrongly. */
const STAND_INS: Partial<Readonly<Record<Kind, (name: string) => Omit<ErrorFacts, 'code'>>>> = {
  gzip: (name) => ({
    message: `${name} is still gzip once it is unpacked: it was compressed twice. Unpack it once with gunzip.`,
    actual: 'gzip within gzip',
    hint: 'Run gunzip on it, and open what that gives.'
  }),
  'web-page': (name) => ({
    message: `${name} is a web page, not data: the server sent a page instead, perhaps an error or a login. Download the file again.`,
    actual: 'a web page',
    hint: 'Look at the page in a browser; it may say why.'
  }),
  'lfs-pointer': (name) => ({
    message: `${name} is a Git LFS pointer, not data: the file itself was not fetched. Run “git lfs pull” where it was checked out.`,
    actual: 'a Git LFS pointer',
    hint: 'Run “git lfs pull”.'
  })
}

/** Throws NormscopeError 'double-gzip', 'web-page' or 'lfs-pointer' for content that begins as one. */
export function refuseStandIn(path: string, head: Uint8Array): void {
  const kind = sniff(head)
  const facts = STAND_INS[kind]?.(baseName(path))
  if (facts !== undefined) {
    const code = kind === 'gzip' ? 'double-gzip' : kind
    throw new NormscopeError({ ...facts, code, path, expected: 'a data set' })
  }
}
