import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { pixelView } from '../../../src/core/dataset/dataset'
import { openIdxSplit } from '../../../src/core/format/idx/idx'
import { openNpy } from '../../../src/core/format/numpy/npy'
import { orderedImages } from '../../../src/core/format/ordered-array'
import { imageShape } from '../../../src/core/format/shape'
import { readNpyLabels } from '../../../src/core/format/numpy/npy-labels'
import type { ImageChunk } from '../../../src/core/format/opened'
import type { ByteSource } from '../../../src/core/format/source'
import { fileSource } from '../../../src/main/disk/files'
import { nodeTools } from '../../../src/main/data/files/tools'
import { gzip, idx, npy, zip } from './build'

const IDX_CODES: Readonly<Record<string, number>> = {
  '|u1': 0x08,
  '|i1': 0x09,
  '>i2': 0x0b,
  '>i4': 0x0c,
  '>f4': 0x0d,
  '>f8': 0x0e
}

interface Case {
  readonly name: string
  readonly form: 'npy' | 'idx'
  readonly file: Uint8Array
  readonly fileHash: string
  readonly valuesHash: string
}

/** The bytes that reference/arrays.py makes for array number `number`. */
function payload(number: number, descr: string, count: number): Uint8Array {
  const size = Number(descr.slice(2))
  const out = new Uint8Array(count * size)
  let state = Math.imul(number + 1, 2654435761) >>> 0
  for (let at = 0; at < out.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    out[at] = state >>> 24
  }
  if (descr[1] === 'b') return out.map((byte) => byte & 1)
  if (descr[1] === 'f') {
    const first = descr.startsWith('>') ? 0 : size - 1
    for (let at = first; at < out.length; at += size) out[at]! &= 0xbf
  }
  return out
}

const cut = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 12)

function cases(): Case[] {
  const text = readFileSync(new URL('../../reference/arrays.txt', import.meta.url), 'utf8')
  const [, ...lines] = text.trim().split('\n')
  return lines.map((line, number) => {
    const [form, descr, order, shape, fileHash, valuesHash] = line.split(' ') as [
      'npy' | 'idx',
      ...string[]
    ]
    const dims = shape!.split('x').map(Number)
    const count = dims.reduce((product, size) => product * size, 1)
    const data = payload(number, descr!, count)
    const file =
      form === 'idx' ? idx(IDX_CODES[descr!]!, dims, data) : npy(descr!, dims, data, order === 'F')
    const name = `${number} ${form} ${descr} ${order} ${shape}`
    return { name, form, file, fileHash: fileHash!, valuesHash: valuesHash! }
  })
}

/** How bytes may reach a reader: in which class, cut where, at which offset of their memory. */
const FORMS: Readonly<Record<string, (file: Uint8Array) => Iterable<Uint8Array>>> = {
  'one Buffer at an odd offset': (file) => [oddly(Buffer.alloc(file.length + 3), 3, file)],
  'one Uint8Array at an odd offset': (file) => [oddly(new Uint8Array(file.length + 5), 5, file)],
  'small Buffers cut anywhere': function* (file) {
    const least = Math.ceil(file.length / 1000)
    for (let at = 0, size = 1; at < file.length; at += size, size = least + ((size * 5) % 97)) {
      yield oddly(Buffer.alloc(size + 1), 1, file.subarray(at, at + size))
    }
  },
  'large Buffers cut anywhere': function* (file) {
    for (let at = 0; at < file.length; at += 700_001) {
      yield oddly(Buffer.alloc(700_004), 3, file.subarray(at, at + 700_001))
    }
  }
}

function oddly(memory: Uint8Array, offset: number, content: Uint8Array): Uint8Array {
  memory.set(content, offset)
  return memory.subarray(offset, offset + content.length)
}

/** A file whose content comes unpacked, whatever its first bytes are. */
const packed = (file: Uint8Array): ByteSource => {
  const bytes = gzip(file)
  return {
    name: 'a.gz',
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length))
  }
}

const quiet = (): void => undefined
const noLabels = () => Promise.resolve([])

async function* given(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* pieces
}

async function npyChunks(pieces: AsyncIterable<Uint8Array>): Promise<AsyncIterable<ImageChunk>> {
  const array = await openNpy('a.npy', pieces, undefined, quiet)
  return orderedImages(array, imageShape(array.path, array.dims, quiet))
}

async function idxChunks(source: ByteSource, pieces?: Iterable<Uint8Array>) {
  const tools = pieces === undefined ? nodeTools : { ...nodeTools, gunzip: () => given(pieces) }
  return (await openIdxSplit(source, noLabels, tools, quiet)).chunks()
}

/** Takes all chunks before it looks at any, as a writer that collects them would. */
async function hashOf(chunks: AsyncIterable<ImageChunk>): Promise<string> {
  const taken: ImageChunk[] = []
  for await (const chunk of chunks) taken.push(chunk)
  const hash = createHash('sha256')
  for (const { values } of taken) {
    hash.update(new Uint8Array(Float64Array.from(values as ArrayLike<number>).buffer))
  }
  return hash.digest('hex').slice(0, 12)
}

describe('2406 arrays that NumPy wrote', () => {
  let all: Case[]
  beforeAll(() => {
    all = cases()
  })

  /** Names of the arrays that are not read as NumPy reads them. */
  async function wrong(
    some: readonly Case[],
    read: (one: Case) => Promise<AsyncIterable<ImageChunk>>
  ): Promise<string[]> {
    const found: string[] = []
    for (const one of some) {
      const hash = await read(one)
        .then(hashOf)
        .catch((thrown: unknown) => String(thrown))
      if (hash !== one.valuesHash) found.push(`${one.name}: ${hash}`)
    }
    return found
  }

  test('are made here byte for byte', () => {
    expect(all).toHaveLength(2406)
    expect(all.filter(({ file, fileHash }) => cut(file) !== fileHash)).toEqual([])
  })

  test.each(Object.keys(FORMS))('are read from %s', async (form) => {
    const pieces = FORMS[form]!
    const different = await wrong(all, (one) =>
      one.form === 'npy'
        ? npyChunks(given(pieces(one.file)))
        : idxChunks(packed(one.file), pieces(one.file))
    )
    expect(different).toEqual([])
  })

  test('are read gzipped', async () => {
    const different = await wrong(all, (one) =>
      one.form === 'npy'
        ? npyChunks(nodeTools.gunzip(packed(one.file)))
        : idxChunks(packed(one.file))
    )
    expect(different).toEqual([])
  })

  test.each([false, true])('are read from a zip archive, deflated: %s', async (deflate) => {
    const some = all.filter(({ form }) => form === 'npy')
    const folder = mkdtempSync(join(tmpdir(), 'normscope-arrays-'))
    const path = join(folder, 'a.npz')
    writeFileSync(
      path,
      zip(Object.fromEntries(some.map(({ name, file }) => [`${name}.npy`, file])), { deflate })
    )
    const source = await fileSource(path)
    const archive = await nodeTools.unzip(source)
    try {
      const entries = new Map(archive.entries.map((entry) => [entry.name, entry]))
      const different = await wrong(some, ({ name }) =>
        npyChunks(entries.get(`${name}.npy`)!.chunks())
      )
      expect(different).toEqual([])
    } finally {
      archive.close()
      await source.close()
      rmSync(folder, { recursive: true })
    }
  })
})

describe('bytes of a Buffer', () => {
  test('stay as they are when labels are read from them', async () => {
    const file = npy('>i2', [3], Uint8Array.of(0, 1, 1, 0, 0, 2))
    const piece = oddly(Buffer.alloc(file.length + 1), 1, file)
    const labels = await readNpyLabels('a.npy', given([piece]), undefined, quiet)
    expect(Array.from(labels as ArrayLike<number>)).toEqual([1, 256, 2])
    expect([...piece]).toEqual([...file])
  })

  test('are seen as wider pixels wherever they lie', () => {
    const memory = Buffer.from([9, 1, 0, 2, 1])
    expect([...pixelView(memory.subarray(1), 'uint16')]).toEqual([1, 258])
    const floats = Buffer.from([9, 0, 0, 128, 63])
    expect([...pixelView(floats.subarray(1), 'float32')]).toEqual([1])
  })
})
