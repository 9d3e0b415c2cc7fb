// Whether a thing was made from exactly these inputs: hashes of content, never dates.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { writeAtomically } from './atomic.mjs'

/** SHA-256, hexadecimal, of the JSON form of `facts`. */
export const hashOf = (facts) => createHash('sha256').update(JSON.stringify(facts)).digest('hex')

/**
 * SHA-256 over files and whole folders below `root`: their names and bytes, in the order of their
 * names. A path that is absent counts as absent, so creating it changes the hash.
 */
export function contentHash(root, paths) {
  const hash = createHash('sha256')
  const add = (path) => {
    const full = join(root, path)
    const entry = statSync(full, { throwIfNoEntry: false })
    if (entry?.isDirectory()) {
      for (const name of readdirSync(full).sort()) add(`${path}/${name}`)
    } else if (entry) {
      const bytes = readFileSync(full)
      hash.update(`${path}\0${bytes.length}\0`).update(bytes)
    } else {
      hash.update(`${path}\0absent\0`)
    }
  }
  for (const path of paths) add(path)
  return hash.digest('hex')
}

/** The object of a JSON file; undefined where it is absent or not JSON (as after a crash). */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

export const isStamped = (file, key) => readJson(file)?.key === key

export const writeStamp = (file, key, facts = {}) =>
  writeAtomically(file, `${JSON.stringify({ key, ...facts }, null, 2)}\n`)
