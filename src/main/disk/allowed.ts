import { realpath } from 'node:fs/promises'
import { dirname, resolve, sep } from 'node:path'
import { NormscopeError } from '../../core/error'
import { baseName } from '../../core/format/source'

/** Throws NormscopeError 'outside-folders' for a path that may not be opened. */
export type CheckPath = (path: string) => Promise<void>

/** Whoever sits at this machine opens what the system lets them. */
export const ANYWHERE: CheckPath = () => Promise.resolve()

export async function isAllowed(path: string, checkPath: CheckPath): Promise<boolean> {
  try {
    await checkPath(path)
    return true
  } catch {
    return false
  }
}

/**
 * Lets paths in some folders through. A link counts as what it leads to, and what does not exist as
 * its nearest folder that does: outside, nobody learns what there is.
 */
export function within(folders: readonly string[]): CheckPath {
  const roots = Promise.all(folders.map(realPath))
  return async (path) => {
    const real = await realPath(path)
    if ((await roots).some((root) => isIn(real, root))) return
    const list = folders.join(', ')
    throw new NormscopeError({
      code: 'outside-folders',
      message: `${baseName(path) || path} is outside the folders that this window may open files in (${list}).`,
      path,
      expected: `a path in ${list}`,
      actual: path,
      hint: 'Start Normscope with --folder FOLDER to open files in another folder.'
    })
  }
}

const isIn = (path: string, root: string): boolean =>
  path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)

async function realPath(path: string): Promise<string> {
  const whole = resolve(path)
  try {
    return await realpath(whole)
  } catch {
    const above = dirname(whole)
    return above === whole
      ? whole
      : resolve(await realPath(above), whole.slice(above.length).replace(/^[\\/]+/, ''))
  }
}
