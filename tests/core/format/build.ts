import { crc32, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import type { ByteSource } from '../../../src/core/format/source'

/** Files made by hand, for tests. */

export function source(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length))
  }
}

export const gzip = (bytes: Uint8Array): Uint8Array => new Uint8Array(gzipSync(bytes))

export function idx(type: number, dims: readonly number[], data: Uint8Array): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * dims.length))
  header.setUint8(2, type)
  header.setUint8(3, dims.length)
  dims.forEach((size, axis) => header.setUint32(4 + 4 * axis, size))
  return new Uint8Array(Buffer.concat([new Uint8Array(header.buffer), data]))
}

/** Numbers big-endian, written by a DataView method. */
export function bigEndian(
  values: readonly number[],
  size: number,
  set: 'setInt16' | 'setInt32' | 'setFloat32' | 'setFloat64'
): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * size))
  values.forEach((value, index) => view[set](index * size, value))
  return new Uint8Array(view.buffer)
}

/** As NumPy writes it, with its room for the axis that may grow. */
export function npy(
  descr: string,
  shape: readonly number[],
  data: Uint8Array,
  fortran = false
): Uint8Array {
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const growing = String((fortran ? shape.at(-1) : shape[0]) ?? '')
  const dict =
    `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${dims}), }` +
    ' '.repeat(shape.length === 0 ? 0 : 21 - growing.length)
  const text = dict + ' '.repeat(64 - ((dict.length + 11) % 64)) + '\n'
  const head = [0x93, ...Buffer.from('NUMPY'), 1, 0, text.length & 255, text.length >> 8]
  return new Uint8Array(Buffer.concat([Buffer.from(head), Buffer.from(text), data]))
}

/** A zip archive whose members are stored, or deflated. */
export function zip(
  members: Readonly<Record<string, Uint8Array>>,
  { deflate = false } = {}
): Uint8Array {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, data] of Object.entries(members)) {
    const packed = deflate ? deflateRawSync(data) : data
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(20, 0)
    facts.writeUInt16LE(deflate ? 8 : 0, 4)
    facts.writeUInt32LE(crc32(data), 10)
    facts.writeUInt32LE(packed.length, 14)
    facts.writeUInt32LE(data.length, 18)
    facts.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), facts, Buffer.from(name), packed])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), facts, rest, Buffer.from(name)])
    )
    parts.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(directory.length, 4)
  end.writeUInt16LE(directory.length, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(offset, 12)
  return new Uint8Array(Buffer.concat([...parts, central, Buffer.from('PK\x05\x06'), end]))
}

interface PngOptions {
  readonly width: number
  readonly height: number
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA */
  readonly colourType: 0 | 2 | 3 | 4 | 6
  readonly depth: 1 | 2 | 4 | 8 | 16
  /** packed rows, without filter bytes */
  readonly rows: readonly (readonly number[])[]
  readonly palette?: readonly number[]
}

export function png(options: PngOptions): Uint8Array {
  const { width, height, depth, colourType, rows, palette } = options
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, colourType, 0, 0, 0], 8)
  const data = Buffer.from(rows.flatMap((row) => [0, ...row]))
  const parts = [
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', header),
    ...(palette === undefined ? [] : [pngChunk('PLTE', Buffer.from(palette))]),
    pngChunk('IDAT', deflateSync(data)),
    pngChunk('IEND', Buffer.alloc(0))
  ]
  return new Uint8Array(Buffer.concat(parts))
}

function pngChunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const body = Buffer.concat([Buffer.from(type), data])
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}

export const greyPng = (values: readonly number[], width = values.length): Uint8Array =>
  png({
    width,
    height: values.length / width,
    colourType: 0,
    depth: 8,
    rows: Array.from({ length: values.length / width }, (_, y) =>
      values.slice(y * width, (y + 1) * width)
    )
  })

export async function collect(chunks: AsyncIterable<{ values: ArrayLike<number> }>) {
  const all: number[] = []
  for await (const { values } of chunks) all.push(...Array.from(values))
  return all
}

/** A tar archive as POSIX has it (ustar), of files, or of other things by the letter of their kind. */
export function tar(
  members: Readonly<Record<string, Uint8Array | { readonly kind: string }>>
): Uint8Array {
  const blocks: Buffer[] = []
  for (const [name, content] of Object.entries(members)) {
    const data = content instanceof Uint8Array ? content : new Uint8Array(0)
    const header = Buffer.alloc(512)
    header.write(name, 0)
    header.write('0000644\0', 100)
    header.write(`${data.length.toString(8).padStart(11, '0')}\0`, 124)
    header.write('        ', 148)
    header.write(content instanceof Uint8Array ? '0' : content.kind, 156)
    header.write('ustar\x0000', 257)
    const sum = header.reduce((total, byte) => total + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    blocks.push(header, Buffer.from(data), Buffer.alloc((512 - (data.length % 512)) % 512))
  }
  return new Uint8Array(Buffer.concat([...blocks, Buffer.alloc(1024)]))
}
