import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRunning } from './running'

/** What the names of trainers' folders hold. */
export const GRAPH = 'graph'

/** Removes the graphs that trainers were loading when they were killed. */
export function tidyGraphs(): void {
  tidyTemporaryFolders(GRAPH, (folder) => rmSync(folder, { recursive: true }))
}

/** Makes a temporary folder whose name holds this process, so that another can tell whether it is still needed. */
export function makeTemporaryFolder(kind: string): string {
  return mkdtempSync(join(tmpdir(), `normscope-${kind}-${process.pid}-`))
}

/** Removes what processes that ended without a chance to do so left; what cannot be removed stays. */
export function tidyTemporaryFolders(kind: string, remove: (folder: string) => void): void {
  const name = new RegExp(`^normscope-${kind}-(\\d+)-\\w+$`)
  for (const found of listed(tmpdir())) {
    const pid = Number(name.exec(found)?.[1])
    if (!pid || isRunning(pid)) continue
    try {
      remove(join(tmpdir(), found))
    } catch {
      // another user's, or another process was quicker
    }
  }
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    // who needs a folder there says what is wrong with it
    return []
  }
}
