import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { NormscopeError } from '../../../core/error'
import type { Archive, PackedFile, PictureFile } from '../../../core/format/files'
import { baseName } from '../../../core/format/source'
import type { ByteSource, ZipArchive } from '../../../core/format/source'
import { grouped } from '../../../core/numbers'
import { fileSource, onFile } from '../../disk/files'
import type { OpenHooks } from '../hooks'
import { tarIndex } from './tar'
import { nodeTools } from './tools'
import { unsafeArchive } from './unsafe'

/** What unpacked files may take: so many bytes, or so many times the archive's. */
const MAX_UNPACKED = 2 ** 30
const MAX_RATIO = 200

/** What an archive needs of the opening that it is read for. */
export interface ArchiveTools {
  readonly hooks: OpenHooks
  /** a folder for what is unpacked, which goes when the opening ends */
  temporary(): Promise<string>
  /** closed when the opening ends */
  keep<T extends { close(): unknown }>(source: T): T
}

/** The files in a zip or tar archive, gzipped or not. Nothing of it is written under a name of its own. */
export async function openArchive(place: PackedFile, tools: ArchiveTools): Promise<Archive> {
  const { path, source, outer } = place
  if (outer === 'zip') return zipped(source, tools.keep(await nodeTools.unzip(source)), tools)
  const plain = outer === 'gzip' ? await unpacked(source, tools) : { path, source }
  const { entries, special } = await tarIndex(plain.source, tools.hooks.check)
  checkNames(
    path,
    entries.map(({ name }) => name)
  )
  // of several files of one name the last one counts, as where it is unpacked
  const byName = new Map(entries.map((entry) => [entry.name, entry]))
  return {
    files: [...byName.keys()],
    special,
    read(name, most) {
      const { at, size } = byName.get(name)!
      return plain.source.read(at, Math.min(size, most))
    },
    extract: (name) => {
      const { at, size } = byName.get(name)!
      return extracted(name, plain.source, at, size, tools)
    },
    pictures: (names) =>
      Promise.resolve(
        names.map((name): PictureFile => {
          const { at, size } = byName.get(name)!
          return { name, path: plain.path, at, size }
        })
      )
  }
}

function zipped(source: ByteSource, { entries }: ZipArchive, tools: ArchiveTools): Archive {
  const files = entries.filter(({ special }) => !special)
  const byName = new Map(files.map((entry) => [entry.name, entry]))
  return {
    files: [...byName.keys()],
    special: entries.length - files.length,
    async read(name, most) {
      const pieces: Uint8Array[] = []
      let bytes = 0
      for await (const piece of byName.get(name)!.chunks()) {
        pieces.push(piece)
        bytes += piece.length
        if (bytes >= most) break
      }
      return Buffer.concat(pieces).subarray(0, most)
    },
    async extract(name) {
      const entry = byName.get(name)!
      checkSize(source, entry.size)
      const path = join(await tools.temporary(), `file${endingOf(name)}`)
      await writing(path, async (write) => {
        for await (const piece of entry.chunks()) await write(piece)
      })
      return path
    },
    /** One after the other in one file: decoders read from there. */
    async pictures(names) {
      const wanted = names.map((name) => byName.get(name)!)
      checkSize(
        source,
        wanted.reduce((sum, { size }) => sum + size, 0)
      )
      const path = join(await tools.temporary(), 'pictures')
      const places: PictureFile[] = []
      await writing(path, async (write) => {
        let at = 0
        for (const [index, { name, size, chunks }] of wanted.entries()) {
          tools.hooks.check()
          tools.hooks.onProgress('Unpacking', index / wanted.length)
          for await (const piece of chunks()) await write(piece)
          places.push({ name, path, at, size })
          at += size
        }
      })
      return places
    }
  }
}

const endingOf = (name: string): string => /\.(csv|tsv|json)$/i.exec(name)?.[0] ?? ''

/** A file of a tar archive by itself. */
async function extracted(
  name: string,
  source: ByteSource,
  at: number,
  size: number,
  { temporary }: ArchiveTools
): Promise<string> {
  const path = join(await temporary(), `file${endingOf(name)}`)
  await writing(path, async (write) => {
    for (let done = 0; done < size;) {
      const piece = await source.read(at + done, Math.min(1 << 20, size - done))
      if (piece.length === 0) break
      await write(piece)
      done += piece.length
    }
  })
  return path
}

/** What is inside gzip, in a file that can be read at any place. */
export async function unpacked(
  source: ByteSource,
  { hooks, temporary, keep }: ArchiveTools
): Promise<{ readonly path: string; readonly source: ByteSource }> {
  const path = join(await temporary(), 'unpacked')
  await writing(path, async (write) => {
    let bytes = 0
    for await (const piece of nodeTools.gunzip(source)) {
      hooks.check()
      hooks.onProgress('Unpacking')
      bytes += piece.length
      checkSize(source, bytes)
      await write(piece)
    }
  })
  return { path, source: keep(await fileSource(path)) }
}

async function writing(
  path: string,
  work: (write: (bytes: Uint8Array) => Promise<void>) => Promise<void>
): Promise<void> {
  const file: FileHandle = await onFile(path, () => open(path, 'wx'))
  try {
    await work((bytes) =>
      onFile(path, async () => {
        for (let done = 0; done < bytes.length;) {
          done += (await file.write(bytes, done, bytes.length - done)).bytesWritten
        }
      })
    )
  } finally {
    await file.close()
  }
}

/** Throws NormscopeError 'archive-too-large'. */
function checkSize({ name, size }: ByteSource, unpackedBytes: number): void {
  const most = Math.max(MAX_UNPACKED, MAX_RATIO * size)
  if (unpackedBytes <= most) return
  throw new NormscopeError({
    code: 'archive-too-large',
    message: `${baseName(name)} unpacks to more than ${grouped(most)} bytes, from ${grouped(size)}: it may be made to fill the disk. If it is not, unpack it and open the folder.`,
    path: name,
    expected: `at most ${grouped(most)} bytes`,
    actual: `${grouped(unpackedBytes)} bytes or more`,
    hint: 'Unpack the archive yourself, and open the folder.'
  })
}

/** Throws NormscopeError 'unsafe-archive' for a name that leads out of the archive. */
function checkNames(path: string, names: readonly string[]): void {
  const unsafe = names.find(
    (name) => /^([\\/]|[a-z]:)/i.test(name) || name.split(/[\\/]/).includes('..')
  )
  if (unsafe !== undefined) throw unsafeArchive(path, unsafe)
}
