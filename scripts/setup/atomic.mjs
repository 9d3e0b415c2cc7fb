// Files and folders that appear whole or not at all.
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isAlive } from './lock.mjs'

/** A name beside `path` that no other process uses: `<name>.<pid>-<random>.partial`. */
const partialName = (path) => `${path}.${process.pid}-${randomBytes(3).toString('hex')}.partial`

export function writeAtomically(file, content) {
  mkdirSync(dirname(file), { recursive: true })
  const partial = partialName(file)
  writeFileSync(partial, content)
  renameSync(partial, file)
}

/** Removes what processes that no longer live left half made beside `path`. */
export function removeLeftovers(path) {
  const folder = dirname(path)
  const pattern = new RegExp(`^\\.(\\d+)-[0-9a-f]{6}\\.partial$`)
  let names
  try {
    names = readdirSync(folder)
  } catch {
    return
  }
  for (const name of names) {
    if (!name.startsWith(basename(path))) continue
    const owner = pattern.exec(name.slice(basename(path).length))?.[1]
    if (owner && !isAlive({ pid: Number(owner) })) {
      rmSync(join(folder, name), { recursive: true, force: true })
    }
  }
}

/**
 * Lets `fill(folder)` fill an empty folder and then moves it to `target` in one step; what stood
 * there goes away. When `fill` throws, nothing of it is left and `target` is as it was.
 */
export async function publishFolder(target, fill) {
  removeLeftovers(target)
  const partial = partialName(target)
  mkdirSync(partial, { recursive: true })
  try {
    await fill(partial)
    const old = partialName(target)
    try {
      renameSync(target, old)
    } catch (error) {
      if (error.code !== 'ENOENT') throw error
    }
    renameSync(partial, target)
    rmSync(old, { recursive: true, force: true })
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
}
