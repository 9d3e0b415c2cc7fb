import { NormscopeError } from '../../../core/error'
import { TRAILER, trailerOf } from '../../../core/format/gzip-trailer'
import { baseName, truncated } from '../../../core/format/source'
import type { ByteSource } from '../../../core/format/source'
import { crc32 } from '../../disk/crc32'

/*
 * What lies around the deflated content of a gzip file (RFC 1952, 2.3). A file is one member or several,
 * one behind the other.
 */

const FIXED = 10
const DEFLATE = 8
const [HEADER_SUM, EXTRA, NAME, COMMENT, RESERVED] = [2, 4, 8, 16, 0xe0]
/** Bytes of a header that are read at once; few are longer. */
const HEAD = 512
/** A header may have a name of any length. */
const MOST = 1 << 20

/** Where the deflated content begins of the member that begins `at` an offset. Throws NormscopeError 'truncated-file' or 'corrupt-gzip'. */
export async function contentStart(source: ByteSource, at: number): Promise<number> {
  for (let size = HEAD; size <= MOST; size *= 2) {
    const bytes = await source.read(at, size)
    const length = headerLength(source, bytes)
    if (length !== undefined) return at + length
    if (at + bytes.length >= source.size) throw endsEarly(source)
  }
  throw corruptGzip(source, 'its header does not end')
}

/** undefined where more bytes tell. */
function headerLength(source: ByteSource, bytes: Uint8Array): number | undefined {
  if (bytes.length < FIXED) return undefined
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) throw corruptGzip(source, 'incorrect header check')
  if (bytes[2] !== DEFLATE) throw corruptGzip(source, 'unknown compression method')
  const flags = bytes[3]!
  if (flags & RESERVED) throw corruptGzip(source, 'unknown header flags set')
  let length = FIXED
  if (flags & EXTRA) {
    if (bytes.length < length + 2) return undefined
    length += 2 + bytes[length]! + 256 * bytes[length + 1]!
  }
  for (const text of [NAME, COMMENT]) {
    if (!(flags & text)) continue
    const end = length > bytes.length ? -1 : bytes.indexOf(0, length)
    if (end < 0) return undefined
    length = end + 1
  }
  if (flags & HEADER_SUM) {
    if (bytes.length < length + 2) return undefined
    const sum = crc32(bytes.subarray(0, length)) & 0xffff
    const said = bytes[length]! + 256 * bytes[length + 1]!
    if (sum !== said) throw corruptGzip(source, 'header crc mismatch')
    length += 2
  }
  return length <= bytes.length ? length : undefined
}

/**
 * Where the next member begins, behind one whose deflated content ends `at` an offset; undefined where there
 * is none: zeros may follow. `sum` and `size`: CRC-32 and bytes of what was unpacked. Throws NormscopeError
 * 'truncated-file' or 'corrupt-gzip'.
 */
export async function nextMember(
  source: ByteSource,
  at: number,
  sum: number,
  size: number
): Promise<number | undefined> {
  const bytes = await source.read(at, TRAILER + 1)
  if (bytes.length < TRAILER) throw endsEarly(source)
  const said = trailerOf(bytes)
  if (said.sum !== sum) throw corruptGzip(source, 'incorrect data check')
  if (said.size !== size % 2 ** 32) throw corruptGzip(source, 'incorrect length check')
  return (bytes[TRAILER] ?? 0) === 0 ? undefined : at + TRAILER
}

export const endsEarly = (source: ByteSource): NormscopeError =>
  truncated(source.name, 'a whole gzip file', `${source.size} bytes of one`)

export function corruptGzip({ name }: ByteSource, reason: string): NormscopeError {
  return new NormscopeError({
    code: 'corrupt-gzip',
    message: `${baseName(name)} is damaged: its gzip content does not unpack (${reason}). Copy or download it again.`,
    path: name,
    expected: 'gzip content with a matching checksum',
    actual: reason,
    hint: 'Copy or download the file again.'
  })
}
