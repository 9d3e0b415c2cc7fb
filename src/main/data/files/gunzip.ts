import { createGunzip } from 'node:zlib'
import type { Gunzip } from 'node:zlib'
import { NormscopeError } from '../../../core/error'
import { baseName, truncated } from '../../../core/format/source'
import type { ByteSource } from '../../../core/format/source'
import { roomFor } from '../../disk/room'

/** Bytes that are unpacked at once: they stay in the processor's caches. */
const PIECE = 1 << 20
/** Bytes that are read at once: whoever unpacks them seldom waits for this thread to hand over the next ones. */
const READ = 1 << 22
const HEAD_PIECE = 1 << 14
/** The most that deflate can make of a byte. */
const MAX_DEFLATE_RATIO = 1032

/**
 * The unpacked bytes of a gzip file, little ahead where only the `head` is wanted. Throws NormscopeError
 * 'truncated-file' or 'corrupt-gzip'.
 */
export async function* gunzip(
  source: ByteSource,
  { head = false }: { readonly head?: boolean } = {}
): AsyncGenerator<Uint8Array> {
  const piece = head ? HEAD_PIECE : PIECE
  const most = Math.max(HEAD_PIECE, Math.min(piece, source.size * MAX_DEFLATE_RATIO))
  // up to four pieces ahead of whoever takes them, each handed on as it is and not joined to the next
  const ahead = { readableObjectMode: true, readableHighWaterMark: head ? 1 : 4 }
  const unpacked = createGunzip({ chunkSize: most, ...ahead })
  let failure: unknown
  void feed(source, unpacked, Math.min(head ? HEAD_PIECE : READ, source.size)).catch(
    (thrown: unknown) => {
      failure = thrown
      unpacked.destroy(thrown as Error)
    }
  )
  try {
    yield* unpacked as AsyncIterable<Uint8Array>
  } catch (thrown) {
    throw failure ?? gzipError(source, thrown)
  } finally {
    unpacked.destroy()
  }
}

/** One piece waits in zlib's own queue while another is unpacked, in the same memory all along. */
async function feed(source: ByteSource, unpacked: Gunzip, size: number): Promise<void> {
  const room = (): { readonly bytes: Uint8Array; free: Promise<void> } => ({
    bytes: roomFor(size, 0),
    free: Promise.resolve()
  })
  let [next, other] = [room(), room()]
  for (let offset = 0; offset < source.size;) {
    await next.free
    const bytes = await source.read(offset, Math.min(size, source.size - offset), next.bytes)
    if (bytes.length === 0 || unpacked.destroyed) break
    // an error is told to whoever reads
    next.free = new Promise((resolve) => unpacked.write(bytes, () => resolve()))
    offset += bytes.length
    ;[next, other] = [other, next]
  }
  unpacked.end()
}

function gzipError(source: ByteSource, thrown: unknown): unknown {
  const code = (thrown as NodeJS.ErrnoException).code
  if (code === 'Z_BUF_ERROR') {
    return truncated(source.name, 'a whole gzip file', `${source.size} bytes of one`)
  }
  if (code === undefined || !code.startsWith('Z_')) return thrown
  return new NormscopeError({
    code: 'corrupt-gzip',
    message: `${baseName(source.name)} is damaged: its gzip content does not unpack (${(thrown as Error).message}). Copy or download it again.`,
    path: source.name,
    expected: 'gzip content with a matching checksum',
    actual: (thrown as Error).message,
    hint: 'Copy or download the file again.'
  })
}
