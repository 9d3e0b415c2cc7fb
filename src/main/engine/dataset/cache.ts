import { sep } from 'node:path'
import type { CacheFacts, EmptiedCache } from '../../../core/cache'
import type { Dataset } from '../../../core/dataset/dataset'
import { cacheFacts, emptyCache } from '../../data/store/tidy'

/** The files that the pixels and labels of a data set are read from. */
const filesOf = ({ splits }: Dataset): string[] =>
  Object.values(splits).flatMap(({ pixels, labels }) => [pixels.path, labels?.path ?? []].flat())

/** What a window asks of the cache; data sets that are in use stay. */
export function cacheCalls(inUse: () => Promise<readonly Dataset[]>): {
  cache(): Promise<CacheFacts>
  emptyCache(): Promise<EmptiedCache>
} {
  return {
    cache: () => cacheFacts(),
    async emptyCache() {
      const files = (await inUse()).flatMap(filesOf)
      return emptyCache((entry) => files.some((file) => file.startsWith(entry + sep)))
    }
  }
}
