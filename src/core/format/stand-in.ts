import { NormscopeError } from '../error'
import type { ErrorFacts } from '../error'
import { sniff } from './sniff'
import type { Kind } from './sniff'
import { baseName } from './source'

/** What comes in place of data when a download or a check-out went wrong. */
const STAND_INS: Partial<Readonly<Record<Kind, (name: string) => Omit<ErrorFacts, 'code'>>>> = {
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

/** Throws NormscopeError 'web-page' or 'lfs-pointer' for a file that begins as one. */
export function refuseStandIn(path: string, head: Uint8Array): void {
  const kind = sniff(head)
  const facts = STAND_INS[kind]?.(baseName(path))
  if (facts !== undefined) {
    throw new NormscopeError({ ...facts, code: kind, path, expected: 'a data set' })
  }
}
