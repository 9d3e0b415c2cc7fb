import { baseName, ByteReader } from './source'
import type { Warn } from './source'

/** How a text's letters are written; UTF-8 unless a byte order mark says otherwise. */
type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

function encodingOf(head: Uint8Array): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 'utf-8'
}

/** The beginning of a text, without its byte order mark; a letter cut at the end is left out. */
export function headText(head: Uint8Array): string {
  return new TextDecoder(encodingOf(head)).decode(head, { stream: true })
}

/**
 * A text in UTF-8, whichever encoding it begins in. What is no UTF-8 without a byte order mark is
 * taken for Windows-1252, the 8-bit encoding of western Europe, and warned about.
 */
export async function* inUtf8(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  warn: Warn
): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(chunks)
  try {
    const encoding = encodingOf(await reader.peek(2))
    yield* encoding === 'utf-8'
      ? checked(name, reader.rest(), warn)
      : recoded(reader.rest(), new TextDecoder(encoding))
  } finally {
    await reader.close()
  }
}

async function* recoded(
  chunks: AsyncIterable<Uint8Array>,
  decoder: TextDecoder
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for await (const chunk of chunks) yield encoder.encode(decoder.decode(chunk, { stream: true }))
  yield encoder.encode(decoder.decode())
}

async function* checked(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  warn: Warn
): AsyncGenerator<Uint8Array> {
  let held = new Uint8Array(0)
  let western: TextDecoder | undefined
  const passed = (bytes: Uint8Array): Uint8Array => {
    if (western === undefined && !isUtf8(bytes)) {
      western = new TextDecoder('windows-1252')
      warn(`${baseName(name)} is not UTF-8; it was read as Windows-1252.`)
    }
    return western === undefined ? bytes : new TextEncoder().encode(western.decode(bytes))
  }
  for await (const chunk of chunks) {
    const bytes = new Uint8Array(held.length + chunk.length)
    bytes.set(held)
    bytes.set(chunk, held.length)
    const end = western === undefined ? wholeLetters(bytes) : bytes.length
    held = bytes.slice(end)
    yield passed(bytes.subarray(0, end))
  }
  yield passed(held)
}

/** Bytes up to a letter of UTF-8 that goes on in the next piece. */
function wholeLetters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) break
    if (byte < 0xc0) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    return length > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

const SEPARATORS = ['\t', ';', ',', ' '] as const
type Separator = (typeof SEPARATORS)[number]

/** What stands most often between the fields of the first line; blanks only where nothing else does. */
export function separatorOf(head: string): Separator {
  const line = head.split(/\r\n|\r|\n/).find((text) => text.trim() !== '') ?? ''
  const plain = line.trim().replace(/"[^"]*("|$)/g, '')
  const counts = SEPARATORS.map((sign) => plain.split(sign).length - 1)
  const [tabs, semicolons, commas] = counts as [number, number, number]
  const most = Math.max(tabs, semicolons, commas)
  if (most > 0) return SEPARATORS[counts.indexOf(most)]!
  return plain.includes(' ') ? ' ' : ','
}

/** Lines that say something, without blanks around them. */
export function linesOf(bytes: Uint8Array): string[] {
  const lines = headText(bytes).split(/\r\n|\r|\n/)
  return lines.map((line) => line.trim()).filter((line) => line !== '')
}
