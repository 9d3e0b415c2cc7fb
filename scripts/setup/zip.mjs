// Unpacking zip archives (a Python wheel is one). The library is loaded when it is needed: npm's
// packages are there by then.
import { createWriteStream, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'

/**
 * Writes the members that `targetOf(name)` gives a path for, creating their folders. Resolves to
 * `{name: bytes}` of those; throws where the archive is cut off, damaged, or lacks all of them.
 */
export async function unzip(file, targetOf) {
  const { openPromise } = await import('yauzl')
  const archive = await openPromise(file, { autoClose: false, lazyEntries: true })
  const written = {}
  try {
    for await (const entry of archive.eachEntry()) {
      const target = entry.fileName.endsWith('/') ? undefined : targetOf(entry.fileName)
      if (!target) continue
      mkdirSync(dirname(target), { recursive: true })
      await pipeline(await archive.openReadStreamPromise(entry), createWriteStream(target))
      written[entry.fileName] = entry.uncompressedSize
    }
  } finally {
    archive.close()
  }
  if (Object.keys(written).length === 0) throw new Error(`${file} holds none of the files needed`)
  return written
}
