import { open, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Archive, Entry, ScopedFiles } from '../../../core/format/files'
import { contentOf } from '../../../core/format/source'
import type { DecoderOptions } from './decoder-process'
import { DecoderPool } from './decoder-pool'
import { ANYWHERE } from '../../disk/allowed'
import type { CheckPath } from '../../disk/allowed'
import { fileSource, onFile } from '../../disk/files'
import type { OpenHooks } from '../hooks'
import { openArchive, unpacked } from './archive'
import type { ArchiveTools } from './archive'
import { Hdf5Process } from './hdf5'
import { storeFolder, temporaryFolder } from '../store/entry'
import type { StoreOptions } from '../store/entry'
import { nodeTools } from './tools'
import { walk } from './walk'

/** Bytes that tell an image from another file: DICOM has its mark after 128. */
const HEAD = 132

/** The machine's files for one opening, which closes them at its end. */
export function createFiles(
  hooks: OpenHooks,
  options?: DecoderOptions,
  checkPath: CheckPath = ANYWHERE,
  store: StoreOptions = {}
): ScopedFiles {
  const shared = {
    decoders: new DecoderPool(hooks.check, options),
    hdf5: new Hdf5Process(hooks.check),
    folders: new Map()
  }
  return filesWith(shared, hooks, checkPath, store)
}

/** What belongs to the outermost files. */
interface Shared {
  readonly decoders: DecoderPool
  readonly hdf5: Hdf5Process
  /** each that files lie in is listed once, however many of them ask what lies beside them */
  readonly folders: Map<string, Promise<readonly Entry[]>>
}

function filesWith(
  shared: Shared,
  hooks: OpenHooks,
  checkPath: CheckPath,
  store: StoreOptions,
  isInner = false
): ScopedFiles {
  const opened: { close(): unknown }[] = []
  /** each is unpacked once, however many formats look into it */
  const archives = new Map<string, Promise<Archive>>()
  /** where what a path stands for lies unpacked */
  const plains = new Map<string, Promise<string>>()
  const tools: ArchiveTools = {
    hooks,
    async temporary() {
      const folder = await temporaryFolder(storeFolder(store))
      opened.push({ close: () => folder.remove() })
      return folder.path
    },
    keep(source) {
      opened.push(source)
      return source
    }
  }
  const allowedList = async (folder: string): Promise<Entry[]> => {
    await checkPath(folder)
    return list(folder)
  }
  return {
    ...nodeTools,
    kindOf: async (path) => {
      await checkPath(path)
      const facts = await onFile(path, () => stat(path))
      return facts.isDirectory() ? 'folder' : facts.isFile() ? 'file' : 'other'
    },
    list: allowedList,
    beside: (path) => {
      const folder = dirname(path)
      const entries = shared.folders.get(folder) ?? allowedList(folder).catch(() => [])
      shared.folders.set(folder, entries)
      return entries
    },
    async walk(folder) {
      await checkPath(folder)
      return walk(folder, hooks, checkPath)
    },
    head: (folder, file) => {
      hooks.check()
      return headOf(join(folder, file))
    },
    decode: (pictures, options) => shared.decoders.decode(pictures, options),
    async hdf5(path) {
      await checkPath(path)
      const plain = plains.get(path) ?? plainOf(path, tools)
      plains.set(path, plain)
      return shared.hdf5.open(await plain, path)
    },
    archive: (place) => {
      const archive = archives.get(place.path) ?? openArchive(place, tools)
      archives.set(place.path, archive)
      return archive
    },
    pause: () => setImmediate(),
    scope() {
      hooks.check()
      const inner = filesWith(shared, hooks, checkPath, store, true)
      opened.push(inner)
      return inner
    },
    async open(path) {
      await checkPath(path)
      const source = await fileSource(path)
      opened.push(source)
      return source
    },
    async unzip(source) {
      const archive = await nodeTools.unzip(source)
      opened.push(archive)
      return archive
    },
    async close() {
      if (!isInner) await Promise.all([shared.decoders.close(), shared.hdf5.close()])
      for (const one of opened.splice(0).reverse())
        await Promise.resolve(one.close()).catch(() => undefined)
    }
  }
}

/** The file itself, or what is inside where it is gzipped. */
async function plainOf(path: string, tools: ArchiveTools): Promise<string> {
  const source = tools.keep(await fileSource(path))
  const { gzipped } = await contentOf(source, nodeTools, () => undefined)
  return gzipped ? (await unpacked(source, tools)).path : path
}

async function list(folder: string): Promise<Entry[]> {
  const entries = await onFile(folder, () => readdir(folder, { withFileTypes: true }))
  return Promise.all(
    entries.map(async (entry): Promise<Entry> => {
      const path = join(folder, entry.name)
      const facts = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry
      const kind = facts?.isFile() ? 'file' : facts?.isDirectory() ? 'folder' : 'other'
      return { name: entry.name, path, kind }
    })
  )
}

/** What the system makes up as it is read has no size, and may never end. */
async function headOf(path: string): Promise<Uint8Array> {
  return onFile(path, async () => {
    const handle = await open(path, 'r')
    try {
      if ((await handle.stat()).size === 0) return new Uint8Array(0)
      const { bytesRead, buffer } = await handle.read(new Uint8Array(HEAD), 0, HEAD, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  })
}
