import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { mkdir, open, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import writeFileAtomic from 'write-file-atomic'
import { NormscopeError } from '../../../core/error'
import type { SourceFile } from '../../../core/dataset/dataset'
import { baseName } from '../../../core/format/source'
import { fileError, notAFile, onFile, readAt, stateOf } from '../../disk/files'
import type { HashedFile } from '../../disk/hash'
import { sealed, unsealed } from '../../disk/sealed'
import type { PlannedSource } from '../../../core/format/format'

/** What a file's hash was, and how to tell cheaply that the file is still the same. */
interface Remembered {
  readonly state: string
  readonly bytes: number
  readonly sha256: string
}

const SAMPLE = 4096
/** milliseconds that other work waits for the states of files */
const SLICE_MS = 8

/** A source as it was hashed. */
export interface Source {
  readonly file: SourceFile
  /** what tells that it is still the same */
  readonly state: string
  /** of a file, not of a folder: as `stateOf` */
  readonly fileState?: string
}

type State = Pick<Source, 'state' | 'fileState'>

/**
 * The SHA-256 of a source. A file whose size, times, inode and some sampled bytes have not changed
 * since it was last hashed is not read again; a folder likewise, by the states of its files.
 * A folder's hash is over its files' sorted relative paths, sizes and contents; a file's hash is
 * made by `hashFile`.
 */
export async function sourceOf(
  source: PlannedSource,
  indexFolder: string,
  check: () => void,
  hashFile: (path: string) => Promise<HashedFile>
): Promise<Source> {
  const { path, files } = source
  const states = await statesOf(source, check)
  const { state } = states
  const record = join(indexFolder, `${sha256(`${path}\0${files === undefined}`)}.json`)
  const known = await recall(record)
  if (known?.state === state) {
    return { ...states, file: { path, bytes: known.bytes, sha256: known.sha256 } }
  }
  const hashed = files === undefined ? await hashFile(path) : await hashFolder(path, files, check)
  await remember(record, { state, ...hashed })
  return { ...states, file: { path, ...hashed } }
}

/** Throws NormscopeError 'file-changed' where a source is no longer as it was hashed. */
export async function refuseChanged(
  planned: readonly PlannedSource[],
  hashed: readonly Source[],
  check: () => void
): Promise<void> {
  for (const [index, source] of planned.entries()) {
    if ((await statesOf(source, check)).state !== hashed[index]!.state) throw changed(source.path)
  }
}

function changed(path: string): NormscopeError {
  return new NormscopeError({
    code: 'file-changed',
    message: `${baseName(path)} changed while it was read. Open it again once nothing writes to it.`,
    path,
    expected: 'the same content from beginning to end',
    actual: 'another size, time of change or content'
  })
}

const statesOf = ({ path, files }: PlannedSource, check: () => void): Promise<State> =>
  files === undefined ? fileState(path) : folderState(path, files, check)

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

async function fileState(path: string): Promise<State> {
  return onFile(path, async () => {
    const kind = await stat(path)
    if (!kind.isFile()) throw notAFile(path, kind.isDirectory())
    const handle = await open(path, 'r')
    try {
      const plain = stateOf(await handle.stat())
      const facts = await handle.stat({ bigint: true })
      const size = Number(facts.size)
      const hash = createHash('sha256')
      for (const part of [0, 0.25, 0.5, 0.75, 1]) {
        const at = Math.max(0, Math.min(Math.floor(size * part), size - SAMPLE))
        hash.update(await readAt(handle, at, Math.min(SAMPLE, size)))
      }
      const state = [size, facts.mtimeNs, facts.ctimeNs, facts.ino, hash.digest('hex')].join(' ')
      return { state, fileState: plain }
    } finally {
      await handle.close()
    }
  })
}

async function folderState(
  path: string,
  files: readonly string[],
  check: () => void
): Promise<State> {
  const hash = createHash('sha256')
  let began = performance.now()
  for (const [index, file] of files.entries()) {
    const place = join(path, file)
    try {
      // asked for one by one in this thread: for 100,000 files a quarter of the time of promises
      const { size, mtimeNs, ctimeNs, ino } = statSync(place, { bigint: true })
      hash.update(`${file}\0${size} ${mtimeNs} ${ctimeNs} ${ino}\n`)
    } catch (thrown) {
      throw fileError(thrown, place)
    }
    if (index % 16 > 0 || performance.now() - began < SLICE_MS) continue
    await setImmediate()
    check()
    began = performance.now()
  }
  check()
  return { state: hash.digest('hex') }
}

async function hashFolder(
  path: string,
  files: readonly string[],
  check: () => void
): Promise<HashedFile> {
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
    return unsealed(await readFile(record, 'utf8')) as Remembered | undefined
  } catch {
    return undefined // never hashed, or a damaged record: hash (again)
  }
}

/** Only a memory: where it cannot be kept, the file is hashed again next time. */
async function remember(record: string, what: Remembered): Promise<void> {
  try {
    await mkdir(dirname(record), { recursive: true })
    await writeFileAtomic(record, sealed({ ...what }), { fsync: false })
  } catch {
    // as said above
  }
}
