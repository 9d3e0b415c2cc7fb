/** How a text's letters are written; UTF-8 unless a byte order mark says otherwise. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

export function encodingOf(head: Uint8Array): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 'utf-8'
}

/** The beginning of a text, without its byte order mark; a letter cut at the end is left out. */
export function headText(head: Uint8Array): string {
  return new TextDecoder(encodingOf(head)).decode(head, { stream: true })
}

/** A text in UTF-8, whichever encoding it begins in. */
export async function* inUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let decoder: TextDecoder | undefined
  let first: Uint8Array | undefined = new Uint8Array(0)
  const encoder = new TextEncoder()
  for await (const chunk of chunks) {
    let bytes = chunk
    if (first !== undefined) {
      bytes = new Uint8Array(first.length + chunk.length)
      bytes.set(first)
      bytes.set(chunk, first.length)
      first = bytes.length < 2 ? bytes : undefined
      if (first !== undefined) continue
      const encoding = encodingOf(bytes)
      if (encoding !== 'utf-8') decoder = new TextDecoder(encoding)
    }
    yield decoder === undefined ? bytes : encoder.encode(decoder.decode(bytes, { stream: true }))
  }
  if (first !== undefined && first.length > 0) yield first
  if (decoder !== undefined) yield encoder.encode(decoder.decode())
}

const SEPARATORS = ['\t', ';', ',', ' '] as const
export type Separator = (typeof SEPARATORS)[number]

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
