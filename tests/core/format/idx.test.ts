import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openIdxSplit, readIdxLabels } from '../../../src/core/format/idx/idx'
import { idxFolder } from '../../../src/core/format/idx/names'
import { labelsFor } from '../../../src/core/format/labels-beside'
import { errorFacts } from '../../../src/core/error'
import { nodeTools } from '../../../src/main/data/files/tools'
import { bigEndian, collect, gzip, idx, source } from './build'

const quiet = (): void => undefined
const open = (bytes: Uint8Array, name = 'a-images-idx3-ubyte') =>
  openIdxSplit(source(name, bytes), () => Promise.resolve([0]), nodeTools, quiet)

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
    return 'none'
  } catch (thrown) {
    return errorFacts(thrown).code
  }
}

describe('IDX', () => {
  test('reads three dimensions as grey images', async () => {
    const split = await open(idx(0x08, [2, 1, 3], Uint8Array.of(1, 2, 3, 4, 5, 6)))
    expect([split.height, split.width, split.minType]).toEqual([1, 3, 'uint8'])
    expect(split.inPlace).toEqual({
      path: 'a-images-idx3-ubyte',
      offset: 16,
      count: 2,
      channels: 1
    })
    expect(await collect(split.chunks())).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('reads four dimensions as colour and drops alpha', async () => {
    const warnings: string[] = []
    const bytes = idx(0x08, [1, 2, 1, 4], Uint8Array.of(1, 2, 3, 9, 4, 5, 6, 9))
    const split = await openIdxSplit(
      source('x', bytes),
      () => Promise.resolve([0]),
      nodeTools,
      (said) => warnings.push(said)
    )
    expect(await collect(split.chunks())).toEqual([1, 2, 3, 4, 5, 6])
    expect(warnings).toEqual([expect.stringContaining('alpha')])
    expect(split.inPlace).toBeUndefined()
  })

  test.each([
    [0x09, Uint8Array.of(255, 127), [-1, 127], 'float32'],
    [0x0b, bigEndian([-2, 300], 2, 'setInt16'), [-2, 300], 'uint16'],
    [0x0c, bigEndian([70000, 5], 4, 'setInt32'), [70000, 5], 'uint16'],
    [0x0d, bigEndian([0.5, -3], 4, 'setFloat32'), [0.5, -3], 'float32'],
    [0x0e, bigEndian([0.1, 7], 8, 'setFloat64'), [0.1, 7], 'float32']
  ] as const)('reads numbers of type %i, big-endian', async (type, data, values, minType) => {
    const split = await open(idx(type, [1, 1, 2], data))
    expect(split.minType).toBe(minType)
    expect(await collect(split.chunks())).toEqual(values)
  })

  test('any images come back as they were written, gzipped or not', async () => {
    const shapes = fc.record({ n: fc.nat(4), h: fc.nat(4), w: fc.nat(4), packed: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(shapes, fc.infiniteStream(fc.nat(255)), async (shape, stream) => {
        const dims = [shape.n + 1, shape.h + 1, shape.w + 1]
        const values = [...stream.take(dims[0]! * dims[1]! * dims[2]!)]
        const bytes = idx(0x08, dims, Uint8Array.from(values))
        const split = await open(shape.packed ? gzip(bytes) : bytes)
        expect(await collect(split.chunks())).toEqual(values)
      }),
      { numRuns: 60 }
    )
  })

  test('a file cut at any byte is an error with facts', async () => {
    const whole = idx(
      0x08,
      [2, 2, 3],
      Uint8Array.from({ length: 12 }, (_, index) => index)
    )
    const read = async (bytes: Uint8Array) => collect((await open(bytes)).chunks())
    for (let length = 0; length < whole.length; length++) {
      expect(await codeOf(() => read(whole.slice(0, length)))).toBe('truncated-file')
    }
    const packed = gzip(whole)
    for (let length = 3; length < packed.length; length++) {
      expect(await codeOf(() => read(packed.slice(0, length)))).toBe('truncated-file')
    }
  })

  test.each([
    ['wrong-magic', Uint8Array.of(0, 0, 0x0a, 3, 0, 0, 0, 1)],
    ['wrong-magic', Uint8Array.of(3, 8, 0, 0, 1, 0, 0, 0)],
    ['wrong-magic', idx(0x08, [20, 28], new Uint8Array(560))],
    ['web-page', Uint8Array.from(Buffer.from('<html><h1>403 Forbidden</h1></html>'))],
    ['lfs-pointer', Uint8Array.from(Buffer.from('version https://git-lfs.github.com/spec/v1\n'))],
    ['not-images', idx(0x08, [3], new Uint8Array(3))],
    ['double-gzip', gzip(gzip(idx(0x08, [1, 1, 1], new Uint8Array(1))))],
    ['empty-dataset', idx(0x08, [0, 28, 28], new Uint8Array(0))],
    ['implausible-shape', idx(0x08, [2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], new Uint8Array(0))],
    ['image-too-large', gzip(idx(0x08, [1, 2 ** 15, 2 ** 15], new Uint8Array(4)))],
    ['truncated-file', gzip(idx(0x08, [2 ** 20, 2 ** 12, 2 ** 12], new Uint8Array(4)))]
  ])('a bad file is said to be %s', async (code, bytes) => {
    expect(await codeOf(async () => collect((await open(bytes)).chunks()))).toBe(code)
  })

  test('a checksum that does not match is found', async () => {
    const packed = gzip(idx(0x08, [1, 1, 2], Uint8Array.of(1, 2)))
    packed[packed.length - 8]! ^= 1
    expect(await codeOf(async () => collect((await open(packed)).chunks()))).toBe('corrupt-gzip')
  })

  test('labels have one dimension', async () => {
    const good = source('l', idx(0x08, [3], Uint8Array.of(2, 0, 1)))
    expect([...((await readIdxLabels(good, nodeTools, quiet)) as Uint8Array)]).toEqual([2, 0, 1])
    const bad = source('l', idx(0x08, [1, 1, 1], Uint8Array.of(2)))
    expect(await codeOf(() => readIdxLabels(bad, nodeTools, quiet))).toBe('not-labels')
  })

  test('labels for another number of images are not read', async () => {
    const bomb = source('l', gzip(idx(0x08, [2 ** 31], new Uint8Array(9))))
    expect(await codeOf(() => readIdxLabels(bomb, nodeTools, quiet, 10))).toBe('count-mismatch')
    const short = source('l', gzip(idx(0x08, [10], new Uint8Array(9))))
    expect(await codeOf(() => readIdxLabels(short, nodeTools, quiet, 10))).toBe('truncated-file')
  })

  test('a name that says .gz for a plain file is warned about', async () => {
    const warnings: string[] = []
    const bytes = idx(0x08, [1, 1, 1], Uint8Array.of(7))
    const split = await openIdxSplit(source('x.gz', bytes), undefined, nodeTools, (said) =>
      warnings.push(said)
    )
    expect(await collect(split.chunks())).toEqual([7])
    expect(warnings).toEqual([expect.stringContaining('not gzipped')])
  })
})

describe('names of IDX files', () => {
  test('labels are found by name, also packed or with a dot', () => {
    expect(labelsFor('a-images-idx3-ubyte', ['a-labels-idx1-ubyte'])).toBe('a-labels-idx1-ubyte')
    expect(labelsFor('a-images.idx3-ubyte', ['a-labels-idx1-ubyte.gz'])).toBe(
      'a-labels-idx1-ubyte.gz'
    )
    expect(labelsFor('x-idx3-ubyte.gz', ['x-idx1-ubyte', 'y'])).toBe('x-idx1-ubyte')
    expect(labelsFor('pictures', ['pictures'])).toBeUndefined()
  })

  test('the unpacked file of two is taken, and two sets are told apart', () => {
    const { splits } = idxFolder([
      'train-images-idx3-ubyte.gz',
      'train-images-idx3-ubyte',
      'train-labels.idx1-ubyte',
      't10k-images.idx3-ubyte'
    ])
    expect(splits.train).toEqual({
      images: 'train-images-idx3-ubyte',
      labels: 'train-labels.idx1-ubyte'
    })
    expect(splits.test).toEqual({ images: 't10k-images.idx3-ubyte', labels: undefined })
    const two = idxFolder(['a-train-images-idx3-ubyte', 'b-train-images-idx3-ubyte'])
    expect(two.prefixes).toEqual(['a-', 'b-'])
  })
})
