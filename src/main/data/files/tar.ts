import { NormscopeError } from '../../../core/error'
import { baseName, truncated } from '../../../core/format/source'
import type { ByteSource } from '../../../core/format/source'

/** A regular file in a tar archive. */
export interface TarEntry {
  readonly name: string
  /** bytes before its content */
  readonly at: number
  /** bytes */
  readonly size: number
}

export interface TarIndex {
  readonly entries: readonly TarEntry[]
  /** links, pipes and devices, which are not followed */
  readonly special: number
}

const BLOCK = 512
/** Bytes read at once: headers lie beside one another where files are small. */
const WINDOW = 1 << 18
/** Bytes of a long name or of extended attributes. */
const MAX_EXTENDED = 1 << 20
/** Names take memory. */
export const MAX_ENTRIES = 4_000_000

/** By the letter of its header: a regular file. */
const REGULAR = ['0', '\0', '7']
const FOLDER = '5'
/** Extended attributes (POSIX.1-2001) of the next entry, and of all. */
const EXTENDED = 'x'
const GLOBAL = 'g'
/** GNU's long name of the next entry, and of the target of a link. */
const LONG_NAME = 'L'
const LONG_LINK = 'K'

const ascii = new TextDecoder('latin1')
const utf8 = new TextDecoder()

/** What is in a tar archive (POSIX ustar and pax, GNU), without reading the files' content. */
export async function tarIndex(source: ByteSource, check: () => void): Promise<TarIndex> {
  const entries: TarEntry[] = []
  let special = 0
  let longName: string | undefined
  let longSize: number | undefined
  let window: Uint8Array = new Uint8Array(0)
  let windowAt = 0
  const bytesAt = async (at: number, length: number): Promise<Uint8Array> => {
    if (at < windowAt || at + length > windowAt + window.length) {
      window = await source.read(at, Math.max(length, WINDOW))
      windowAt = at
    }
    return window.subarray(at - windowAt, at - windowAt + length)
  }
  for (let at = 0; at < source.size;) {
    const header = await bytesAt(at, BLOCK)
    if (header.length < BLOCK) throw cut(source, at)
    if (header.every((byte) => byte === 0)) break
    checkSum(source, header, at)
    const type = String.fromCharCode(header[156]!)
    const size = longSize ?? number(source, header.subarray(124, 136))
    const content = at + BLOCK
    if (content + size > source.size) throw cut(source, content + size)
    if ([EXTENDED, GLOBAL, LONG_NAME, LONG_LINK].includes(type)) {
      if (size > MAX_EXTENDED) throw damaged(source, `a name of ${size} bytes`)
      const bytes = await bytesAt(content, size)
      if (type === LONG_NAME) longName = utf8.decode(bytes).replace(/\0.*$/s, '')
      if (type === EXTENDED) {
        const { path, size: long } = attributesIn(utf8.decode(bytes))
        longName = path ?? longName
        longSize = long === undefined ? undefined : Number(long)
        if (longSize !== undefined && !Number.isSafeInteger(longSize)) {
          throw damaged(source, `a size of ${long}`)
        }
      }
    } else {
      if (REGULAR.includes(type)) {
        const name = longName ?? nameIn(header)
        if (!name.endsWith('/')) entries.push({ name, at: content, size })
      } else if (type !== FOLDER) special++
      longName = undefined
      longSize = undefined
      if (entries.length > MAX_ENTRIES) throw damaged(source, `more than ${MAX_ENTRIES} files`)
      if (entries.length % 1024 === 0) check()
    }
    at = content + BLOCK * Math.ceil(size / BLOCK)
  }
  return { entries, special }
}

function nameIn(header: Uint8Array): string {
  const text = (from: number, to: number): string =>
    utf8.decode(header.subarray(from, to)).replace(/\0.*$/s, '')
  const prefix = ascii.decode(header.subarray(257, 262)) === 'ustar' ? text(345, 500) : ''
  // GNU's own format has times where ustar has the prefix
  const isGnu = header[262] === 0x20
  return prefix !== '' && !isGnu ? `${prefix}/${text(0, 100)}` : text(0, 100)
}

/** Octal digits, or a number of base 256 where the first bit is set. */
function number(source: ByteSource, field: Uint8Array): number {
  if (field[0]! & 0x80) {
    const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0)
    if (Number.isSafeInteger(value)) return value
    throw damaged(source, `a size of ${value}`)
  }
  const text = ascii.decode(field).replace(/\0.*$/s, '').trim()
  if (!/^[0-7]*$/.test(text)) throw damaged(source, `a size of “${text}”`)
  return text === '' ? 0 : parseInt(text, 8)
}

/** The sum of the header's bytes, with blanks in the place of the sum. */
function checkSum(source: ByteSource, header: Uint8Array, at: number): void {
  const sum = header.reduce(
    (total, byte, place) => total + (place >= 148 && place < 156 ? 32 : byte),
    0
  )
  if (sum !== number(source, header.subarray(148, 156))) {
    throw damaged(source, `the checksum of the header at byte ${at} does not match`)
  }
}

/** Lines of “length key=value”. */
function attributesIn(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(/\d+ ([^=\n]+)=([^\n]*)\n/g)].map(([, key, value]) => [key, value])
  ) as Record<string, string>
}

const cut = ({ name, size }: ByteSource, needed: number): NormscopeError =>
  truncated(name, `a whole tar archive, of ${needed} bytes or more`, `${size} bytes`)

function damaged({ name }: ByteSource, what: string): NormscopeError {
  return new NormscopeError({
    code: 'corrupt-tar',
    message: `${baseName(name)} is damaged: ${what}. Copy or download it again.`,
    path: name,
    expected: 'a whole tar archive',
    actual: what,
    hint: 'Copy or download the file again.'
  })
}
