import { finding } from '../finding-record'

export const NONE_FOUND = finding({
  code: 'none-found',
  name: 'none found',
  severity: 'good',
  definition:
    'None of the checks for known problems was triggered; that is no proof that there is none.',
  thresholds: [],
  find: ({ last }) =>
    last && { what: 'None of the checks for known problems was triggered', evidence: [] }
})
