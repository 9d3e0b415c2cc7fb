import { createInflateRaw } from 'node:zlib'
import type { InflateRaw } from 'node:zlib'
import type { ByteSource } from '../../../core/format/source'
import { crc32 } from '../../disk/crc32'
import { roomFor } from '../../disk/room'
import { contentStart, corruptGzip, endsEarly, nextMember } from './gzip-member'

/** Bytes that are unpacked at once: they stay in the processor's caches. */
const PIECE = 1 << 20
/** Bytes that are read first: unpacking begins the sooner, and a member may be as short. */
const FIRST = 1 << 17
/** Bytes that are read at once later: whoever unpacks them seldom waits for this thread to hand over the next ones. */
const READ = 1 << 22
const HEAD_PIECE = 1 << 14
/** The most that deflate can make of a byte. */
const MAX_DEFLATE_RATIO = 1032

/**
 * The unpacked bytes of a gzip file, little ahead where only the `head` is wanted. zlib unpacks in a thread of its
 * own, and what it made gets its checksum here meanwhile. Throws NormscopeError 'truncated-file' or 'corrupt-gzip'.
 */
export async function* gunzip(
  source: ByteSource,
  { head = false }: { readonly head?: boolean } = {}
): AsyncGenerator<Uint8Array> {
  for (let member: number | undefined = 0; member !== undefined;) {
    const start = await contentStart(source, member)
    const unpacked = inflating(source, head)
    feed(source, start, unpacked, head).catch((thrown: Error) => unpacked.destroy(thrown))
    let [sum, size] = [0, 0]
    try {
      for await (const piece of unpacked as AsyncIterable<Uint8Array>) {
        sum = crc32(piece, sum)
        size += piece.length
        yield piece
      }
    } catch (thrown) {
      throw gzipError(source, thrown)
    } finally {
      unpacked.destroy()
    }
    member = await nextMember(source, start + unpacked.bytesWritten, sum, size)
  }
}

function inflating({ size }: ByteSource, head: boolean): InflateRaw {
  const most = Math.min(head ? HEAD_PIECE : PIECE, size * MAX_DEFLATE_RATIO)
  // up to four pieces ahead of whoever takes them, each handed on as it is and not joined to the next
  const ahead = { readableObjectMode: true, readableHighWaterMark: head ? 1 : 4 }
  return createInflateRaw({ chunkSize: Math.max(HEAD_PIECE, most), ...ahead })
}

interface Room {
  bytes: Uint8Array
  /** settles once what lies in it was taken */
  free: Promise<void>
}

/** One piece waits in zlib's own queue while another is unpacked, by turns in the same memory. */
async function feed(
  source: ByteSource,
  start: number,
  unpacked: InflateRaw,
  head: boolean
): Promise<void> {
  const none: Room = { bytes: new Uint8Array(), free: Promise.resolve() }
  let [next, other] = [{ ...none }, { ...none }]
  for (let offset = start, size = head ? HEAD_PIECE : FIRST; offset < source.size;) {
    await next.free
    if (unpacked.destroyed) return
    const length = Math.min(size, source.size - offset)
    if (next.bytes.length < length) next.bytes = roomFor(length, 0)
    const bytes = await source.read(offset, length, next.bytes)
    if (bytes.length === 0 || unpacked.destroyed) break
    // an error is told to whoever reads
    next.free = new Promise((resolve) => unpacked.write(bytes, () => resolve()))
    if (offset === start) {
      await next.free
      // the member ends in it
      if (unpacked.bytesWritten < bytes.length) return
    }
    offset += bytes.length
    size = head ? HEAD_PIECE : Math.min(READ, 4 * size)
    ;[next, other] = [other, next]
  }
  unpacked.end()
}

function gzipError(source: ByteSource, thrown: unknown): unknown {
  const { code, message } = thrown as NodeJS.ErrnoException
  if (code === 'Z_BUF_ERROR') return endsEarly(source)
  return code?.startsWith('Z_') === true ? corruptGzip(source, message) : thrown
}
