import { accessSync, constants, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeTemporaryFolder, tidyTemporaryFolders } from '../../processes/temporary-folder'
import { cacheFolder } from '../../user/cache'

/** Where decoded images are kept. */
export interface StorePlace {
  readonly folder: string
  /** why that is not the per-user cache; to be said */
  readonly note?: string
}

/** What is remembered of files, in a store. */
export const indexFolder = (store: string): string => join(store, 'files')

/** What the names of stores that stand in have. */
const STORE = 'store'

/** by the cache that it stands in for */
const standIns = new Map<string, StorePlace>()

/**
 * `store` in the per-user cache; while that cannot be written to, a temporary folder of this process,
 * gone at its end. Throws where there is no room for that either.
 */
export function usualStore(): StorePlace {
  const folder = join(cacheFolder(), 'store')
  const known = standIns.get(folder)
  if (known) return known
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
    return { folder }
  } catch (thrown) {
    const place = standIn(folder, thrown as NodeJS.ErrnoException)
    standIns.set(folder, place)
    return place
  }
}

/** Of a read-only disk Node says no more than that the folder is not there. */
function standIn(folder: string, { code, message }: NodeJS.ErrnoException): StorePlace {
  const remove = (path: string): void => rmSync(path, { recursive: true, force: true })
  tidyTemporaryFolders(STORE, remove)
  const own = makeTemporaryFolder(STORE)
  process.once('exit', () => remove(own))
  return {
    folder: own,
    note: `Decoded images are kept in ${tmpdir()} until Normscope ends: ${folder} cannot be written to (${code ?? message}). Let XDG_CACHE_HOME name a folder that can.`
  }
}
