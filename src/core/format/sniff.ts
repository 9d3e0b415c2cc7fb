import { maskedCrc32c } from './crc32c'
import { headText } from './text'

/** What a file is, judged by its first bytes alone. */
export type Kind =
  | 'gzip'
  | 'zip'
  | 'tar'
  | 'npy'
  | 'idx'
  | 'image'
  | 'pickle'
  | 'safetensors'
  | 'tfrecord'
  | 'parquet'
  | 'hdf5'
  | 'text'
  | 'web-page'
  | 'lfs-pointer'
  | 'empty'
  | 'unknown'

/** Bytes that `sniff` likes to see. */
export const SNIFF_LENGTH = 4096

interface Signature {
  readonly kind: Kind
  readonly at: number
  readonly bytes: readonly number[]
}

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0))

const SIGNATURES: readonly Signature[] = [
  { kind: 'gzip', at: 0, bytes: [0x1f, 0x8b] },
  { kind: 'zip', at: 0, bytes: ascii('PK\x03\x04') },
  { kind: 'zip', at: 0, bytes: ascii('PK\x05\x06') },
  { kind: 'tar', at: 257, bytes: ascii('ustar') },
  { kind: 'npy', at: 0, bytes: [0x93, ...ascii('NUMPY')] },
  { kind: 'parquet', at: 0, bytes: ascii('PAR1') },
  { kind: 'image', at: 0, bytes: [0x89, ...ascii('PNG\r\n\x1a\n')] },
  { kind: 'image', at: 0, bytes: [0xff, 0xd8, 0xff] },
  { kind: 'image', at: 0, bytes: ascii('GIF8') },
  { kind: 'image', at: 8, bytes: ascii('WEBP') },
  { kind: 'image', at: 4, bytes: ascii('ftypavif') },
  { kind: 'image', at: 0, bytes: ascii('II*\x00') },
  { kind: 'image', at: 0, bytes: ascii('MM\x00*') },
  { kind: 'image', at: 0, bytes: ascii('II+\x00') },
  { kind: 'image', at: 0, bytes: ascii('MM\x00+') },
  { kind: 'image', at: 128, bytes: ascii('DICM') },
  // behind what a user may have put before it; a tar archive has its first file there, and is known above
  ...[0, 512, 1024, 2048].map((at): Signature => {
    return { kind: 'hdf5', at, bytes: [0x89, ...ascii('HDF\r\n\x1a\n')] }
  })
]

/** IDX: two zero bytes, a code of type, the number of dimensions (yann.lecun.com/exdb/mnist). */
const IDX_TYPES = [0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x0e]

export function sniff(head: Uint8Array): Kind {
  if (head.length === 0) return 'empty'
  // two bytes of a length can be those of another kind, its checksum cannot
  if (isTfRecord(head)) return 'tfrecord'
  if (isSafetensors(head)) return 'safetensors'
  for (const { kind, at, bytes } of SIGNATURES) {
    if (bytes.every((byte, index) => head[at + index] === byte)) return kind
  }
  if (head[0] === 0 && head[1] === 0 && IDX_TYPES.includes(head[2] ?? -1)) return 'idx'
  if (isBmp(head)) return 'image'
  if (isPickle(head)) return 'pickle'
  return kindOfText(headText(head))
}

const latin1 = new TextDecoder('latin1')

/** A dictionary, a list or an array of NumPy, in protocol 0. */
const PICKLED_TEXT = /^\(*([dl]p\d+\n|c(numpy\.|_codecs\n))/

/** A protocol from 2 on, or a dictionary or a list in protocol 1. */
function isPickle(head: Uint8Array): boolean {
  if (head[0] === 0x80) return head[1]! >= 2 && head[1]! <= 5
  const isPut = (head[0] === 0x7d || head[0] === 0x5d) && head[1] === 0x71
  if (isPut && head[2]! <= 1 && head[3] === 0x28) return true
  return PICKLED_TEXT.test(latin1.decode(head.subarray(0, 32)))
}

/** A record's length in eight bytes and their checksum (tensorflow.org/tutorials/load_data/tfrecord). */
function isTfRecord(head: Uint8Array): boolean {
  if (head.length < 16) return false
  const view = new DataView(head.buffer, head.byteOffset, 12)
  return view.getUint32(8, true) === maskedCrc32c(head.subarray(0, 8))
}

/** A header's length in eight bytes, then JSON. */
function isSafetensors(head: Uint8Array): boolean {
  if (head.length < 10 || head[8] !== 0x7b) return false
  const length = new DataView(head.buffer, head.byteOffset, 8).getBigUint64(0, true)
  return length >= 2n && length <= 100_000_000n && (head[9] === 0x22 || head[9] === 0x7d)
}

const WEB_PAGE = /^\s*<(!doctype|html|head|body|\?xml)/i
const LFS_POINTER = /^version https:\/\/git-lfs\.github\.com\//

function kindOfText(text: string): Kind {
  if (!isText(text)) return 'unknown'
  if (WEB_PAGE.test(text)) return 'web-page'
  return LFS_POINTER.test(text) ? 'lfs-pointer' : 'text'
}

/** 'BM' alone could begin a text; the two reserved words and the header's size settle it. */
function isBmp(head: Uint8Array): boolean {
  if (head[0] !== 0x42 || head[1] !== 0x4d || head.length < 18) return false
  return [6, 7, 8, 9].every((at) => head[at] === 0) && [12, 40, 108, 124].includes(head[14]!)
}

/** No control characters but tab, line feed, form feed and carriage return. */
function isText(text: string): boolean {
  const isPlain = (code: number): boolean => code >= 32 || (code >= 9 && code <= 13)
  return [...text].every((letter) => isPlain(letter.charCodeAt(0))) && text.trim() !== ''
}
