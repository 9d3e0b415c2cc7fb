import { openPromise } from 'yauzl'
import type { Entry, ZipFile } from 'yauzl'
import { NormscopeError } from '../../../core/error'
import { baseName } from '../../../core/format/source'
import type { ByteSource, ZipArchive } from '../../../core/format/source'
import { crc32 } from '../../disk/crc32'
import { fileError } from '../../disk/files'
import { unsafeArchive } from './unsafe'

/** The members of a zip archive. Throws NormscopeError 'corrupt-zip' or 'truncated-file'. */
export async function unzip(source: ByteSource): Promise<ZipArchive> {
  const path = source.name
  let file: ZipFile | undefined
  try {
    file = await openPromise(path, { autoClose: false, lazyEntries: true })
    const entries: Entry[] = []
    for await (const entry of file.eachEntry()) entries.push(entry)
    const archive = file
    return {
      entries: entries
        .filter((entry) => !entry.fileName.endsWith('/'))
        .map((entry) => ({
          name: entry.fileName,
          size: entry.uncompressedSize,
          special: isLink(entry),
          chunks: () => unpacked(archive, entry, path)
        })),
      close: () => archive.close()
    }
  } catch (thrown) {
    file?.close()
    throw corrupt(path, thrown)
  }
}

/** What Unix says of a file is in the upper half of its attributes. */
const isLink = ({ externalFileAttributes }: Entry): boolean =>
  ((externalFileAttributes >>> 16) & 0xf000) === 0xa000

/** What the library says of names that lead out of the archive. */
const UNSAFE = /^(?:absolute path|invalid relative path|invalid characters in fileName): (.*)$/s

/** The library leaves checking the checksum to its caller. */
async function* unpacked(file: ZipFile, entry: Entry, path: string): AsyncGenerator<Uint8Array> {
  let checksum = 0
  try {
    const stream = await file.openReadStreamPromise(entry)
    try {
      for await (const bytes of stream as AsyncIterable<Uint8Array>) {
        checksum = crc32(bytes, checksum)
        yield bytes
      }
    } finally {
      stream.destroy()
    }
  } catch (thrown) {
    throw corrupt(path, thrown, entry.fileName)
  }
  if (checksum !== entry.crc32) {
    throw corrupt(path, new Error('the checksum does not match'), entry.fileName)
  }
}

function corrupt(path: string, thrown: unknown, member?: string): unknown {
  const known = fileError(thrown, path)
  if (known instanceof NormscopeError || !(thrown instanceof Error)) return known
  const [, unsafe] = UNSAFE.exec(thrown.message) ?? []
  if (unsafe !== undefined) return unsafeArchive(path, unsafe)
  // the list of members is at the end of the file, so a file cut short has none
  const cut = /end of central directory|not a zip file|unexpected EOF/i.test(thrown.message)
  const name = member === undefined ? baseName(path) : `${member} in ${baseName(path)}`
  return new NormscopeError({
    code: cut ? 'truncated-file' : 'corrupt-zip',
    message: cut
      ? `${name} is cut short: the archive's list of members, at its end, is missing. Copy or download it again.`
      : `${name} is damaged: ${thrown.message}. Copy or download it again.`,
    path,
    expected: 'a whole zip archive',
    actual: thrown.message,
    hint: 'Copy or download the file again.'
  })
}
