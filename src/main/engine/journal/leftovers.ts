import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isRunning } from '../../processes/running'

/** What an atomic write names its file until it is whole. */
const UNFINISHED = /\.(?:jsonl?|float32|checkpoint)\.\d+$/
/** A process on its way to own the folder. */
const CLAIM = /^owner\.json\.(\d+)(?:\.stale)?$/

/** Deletes what writes left that a kill cut off; for the owner of the folder, before it writes. */
export function removeLeftovers(journal: string): void {
  for (const folder of ['', 'runs', 'experiments', 'weights', 'checkpoints']) {
    for (const name of namesIn(join(journal, folder))) {
      const claim = folder === '' ? CLAIM.exec(name) : null
      const left = claim ? !isRunning(Number(claim[1])) : UNFINISHED.test(name)
      if (left) rmSync(join(journal, folder, name), { force: true })
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
