import type { Subject } from './subject'
import { CACHE } from './subjects/cache'
import { CLUSTER } from './subjects/cluster'
import { RECORDS } from './subjects/records'
import { SEVERAL } from './subjects/several'

/** What is read beside data sets that one path names. */
export const SUBJECTS: Readonly<Record<string, Subject>> = {
  ...SEVERAL,
  ...CACHE,
  ...RECORDS,
  ...CLUSTER
}
