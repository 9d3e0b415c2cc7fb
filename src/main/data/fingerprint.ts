import { createHash } from 'node:crypto'
import { mkdir, open, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SourceFile } from '../../core/dataset/dataset'
import { onFile, readAt } from './files'
import type { PlannedSource } from './plan'

/** What a file's hash was, and how to tell cheaply that the file is still the same. */
interface Remembered {
  readonly state: string
  readonly bytes: number
  readonly sha256: string
}

const BLOCK = 1 << 20
const SAMPLE = 4096

/**
 * The SHA-256 of a source. A file whose size, times, inode and some sampled bytes have not changed
 * since it was last hashed is not read again; a folder likewise, by the states of its files.
 * A folder's hash is over its files' sorted relative paths, sizes and contents.
 */
export async function sourceFile(
  source: PlannedSource,
  indexFolder: string,
  check: () => void
): Promise<SourceFile> {
  const { path, files } = source
  const state = files === undefined ? await fileState(path) : await folderState(path, files, check)
  const record = join(indexFolder, `${sha256(`${path}\0${files === undefined}`)}.json`)
  const known = await recall(record)
  if (known?.state === state) return { path, bytes: known.bytes, sha256: known.sha256 }
  const hashed =
    files === undefined ? await hashFile(path, check) : await hashFolder(path, files, check)
  await remember(record, { state, ...hashed })
  return { path, ...hashed }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

async function fileState(path: string): Promise<string> {
  return onFile(path, async () => {
    const handle = await open(path, 'r')
    try {
      const facts = await handle.stat({ bigint: true })
      const size = Number(facts.size)
      const hash = createHash('sha256')
      for (const part of [0, 0.25, 0.5, 0.75, 1]) {
        const at = Math.max(0, Math.min(Math.floor(size * part), size - SAMPLE))
        hash.update(await readAt(handle, at, Math.min(SAMPLE, size)))
      }
      return [size, facts.mtimeNs, facts.ctimeNs, facts.ino, hash.digest('hex')].join(' ')
    } finally {
      await handle.close()
    }
  })
}

async function folderState(
  path: string,
  files: readonly string[],
  check: () => void
): Promise<string> {
  const hash = createHash('sha256')
  for (let at = 0; at < files.length; at += 64) {
    check()
    const some = files.slice(at, at + 64)
    const facts = await Promise.all(
      some.map((file) => onFile(join(path, file), () => stat(join(path, file), { bigint: true })))
    )
    facts.forEach(({ size, mtimeNs, ctimeNs, ino }, index) =>
      hash.update(`${some[index]}\0${size} ${mtimeNs} ${ctimeNs} ${ino}\n`)
    )
  }
  return hash.digest('hex')
}

async function hashFile(path: string, check: () => void): Promise<Omit<SourceFile, 'path'>> {
  return onFile(path, async () => {
    const handle = await open(path, 'r')
    const hash = createHash('sha256')
    let bytes = 0
    try {
      for (;;) {
        check()
        const block = await readAt(handle, bytes, BLOCK)
        hash.update(block)
        bytes += block.length
        if (block.length < BLOCK) return { bytes, sha256: hash.digest('hex') }
      }
    } finally {
      await handle.close()
    }
  })
}

async function hashFolder(
  path: string,
  files: readonly string[],
  check: () => void
): Promise<Omit<SourceFile, 'path'>> {
  const hash = createHash('sha256')
  let bytes = 0
  for (let at = 0; at < files.length; at += 16) {
    check()
    const some = files.slice(at, at + 16)
    const contents = await Promise.all(
      some.map((file) => onFile(join(path, file), () => readFile(join(path, file))))
    )
    contents.forEach((content, index) => {
      hash.update(`${some[index]!.replace(/\\/g, '/')}\0${content.length}\0`).update(content)
      bytes += content.length
    })
  }
  return { bytes, sha256: hash.digest('hex') }
}

async function recall(record: string): Promise<Remembered | undefined> {
  try {
    const read = JSON.parse(await readFile(record, 'utf8')) as Partial<Remembered>
    const { state, bytes, sha256: hash } = read
    if (typeof state !== 'string' || typeof bytes !== 'number') return undefined
    return typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash)
      ? { state, bytes, sha256: hash }
      : undefined
  } catch {
    return undefined // never hashed, or a damaged record: hash (again)
  }
}

/** Only a memory: where it cannot be kept, the file is hashed again next time. */
async function remember(record: string, what: Remembered): Promise<void> {
  const temporary = `${record}.${process.pid}.${Math.random().toString(36).slice(2)}`
  try {
    await mkdir(join(record, '..'), { recursive: true })
    await writeFile(temporary, JSON.stringify(what))
    await rename(temporary, record)
  } catch {
    await unlink(temporary).catch(() => undefined)
  }
}
