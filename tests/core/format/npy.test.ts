import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openNpy } from '../../../src/core/format/numpy/npy'
import { orderedImages, storable } from '../../../src/core/format/ordered-array'
import { imageShape } from '../../../src/core/format/shape'
import { readNpyLabels } from '../../../src/core/format/numpy/npy-labels'
import { imagesOfNames, splitsOfNames } from '../../../src/core/format/array-names'
import { chunksOf } from '../../../src/core/format/source'
import { errorFacts } from '../../../src/core/error'
import { collect, npy, source } from './build'

interface Reference {
  readonly arrays: readonly {
    readonly descr: string
    readonly order: string
    readonly version: number
    readonly file: string
    readonly values: readonly number[]
  }[]
}

const reference = JSON.parse(
  readFileSync(new URL('../../reference/dataset.json', import.meta.url), 'utf8')
) as Reference

const quiet = (): void => undefined
const open = (bytes: Uint8Array) =>
  openNpy('a.npy', chunksOf(source('a.npy', bytes)), bytes.length, quiet)

async function images(bytes: Uint8Array): Promise<number[]> {
  const array = await open(bytes)
  return collect(orderedImages(array, imageShape(array.path, array.dims, quiet)))
}

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
    return 'none'
  } catch (thrown) {
    return errorFacts(thrown).code
  }
}

describe('NPY', () => {
  test.each(
    reference.arrays.map(
      (array) => [`${array.descr} ${array.order}${array.version}`, array] as const
    )
  )('reads what NumPy wrote: %s', async (_, array) => {
    expect(await images(Uint8Array.from(Buffer.from(array.file, 'base64')))).toEqual(array.values)
  })

  test('channels first are turned round where only they can be channels', async () => {
    const warnings: string[] = []
    const values = Uint8Array.from({ length: 12 }, (_, index) => index)
    const array = await open(npy('|u1', [1, 3, 2, 2], values))
    const shape = imageShape(array.path, array.dims, (said) => warnings.push(said))
    expect(shape).toMatchObject({ height: 2, width: 2, channels: 3 })
    expect(await collect(orderedImages(array, shape))).toEqual([
      0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11
    ])
    expect(warnings).toHaveLength(1)
  })

  test('rows of square length become square images', async () => {
    const array = await open(npy('|u1', [2, 9], new Uint8Array(18)))
    expect(imageShape(array.path, array.dims, quiet)).toMatchObject({
      count: 2,
      height: 3,
      width: 3,
      channels: 1
    })
  })

  test('only bytes that need no change are read in place', async () => {
    const placed = async (descr: string, shape: number[], bytes: number) => {
      const array = await open(npy(descr, shape, new Uint8Array(bytes)))
      return storable(array, imageShape(array.path, array.dims, quiet))
    }
    expect(await placed('|u1', [1, 2, 2], 4)).toBe(true)
    expect(await placed('<f4', [1, 2, 2, 3], 48)).toBe(true)
    expect(await placed('>f4', [1, 2, 2], 16)).toBe(false)
    expect(await placed('<i2', [1, 2, 2], 8)).toBe(false)
    expect(await placed('|u1', [1, 3, 2, 2], 12)).toBe(false)
  })

  test('any bytes come back as they were written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 60 }), async (values) => {
        expect(await images(npy('|u1', [values.length, 1, 1], values))).toEqual([...values])
      }),
      { numRuns: 60 }
    )
  })

  test('a file cut at any byte is an error with facts', async () => {
    const whole = npy('<u2', [2, 2, 1], new Uint8Array(8))
    for (let length = 0; length < whole.length; length++) {
      expect(await codeOf(() => images(whole.slice(0, length)))).toBe('truncated-file')
    }
  })

  test('a byte changed in the header is never an unforeseen error', async () => {
    const whole = npy('<u2', [2, 2, 1], new Uint8Array(8))
    await fc.assert(
      fc.asyncProperty(fc.nat(70), fc.nat(255), async (at, value) => {
        const bytes = whole.slice()
        bytes[at] = value
        expect(await codeOf(() => images(bytes))).not.toBe('internal')
      }),
      { numRuns: 300 }
    )
  })

  test.each([
    ['unsupported-dtype', npy('<c8', [1, 1, 1], new Uint8Array(8))],
    ['pickled-objects', npy('|O', [1, 1, 1], new Uint8Array(8))],
    ['unsupported-dtype', npy('<U5', [1], new Uint8Array(20))],
    ['not-images', npy('|u1', [4], new Uint8Array(4))],
    ['not-images', npy('|u1', [1, 2, 2, 2], new Uint8Array(8))],
    ['not-square', npy('|u1', [1, 7], new Uint8Array(7))],
    ['empty-dataset', npy('|u1', [0, 2, 2], new Uint8Array(0))]
  ])('a bad file is said to be %s', async (code, bytes) => {
    expect(await codeOf(() => images(bytes))).toBe(code)
  })

  const labelsOf = async (file: Uint8Array, images?: number) => {
    const chunks = chunksOf(source('l.npy', file))
    return Array.from(
      (await readNpyLabels('l.npy', chunks, file.length, quiet, images)) as number[]
    )
  }

  test('labels may be a column or one-hot rows, in either order', async () => {
    const labels = (shape: number[], values: number[], fortran = false) =>
      labelsOf(npy('|u1', shape, Uint8Array.from(values), fortran))
    expect(await labels([3], [4, 0, 2])).toEqual([4, 0, 2])
    expect(await labels([3, 1], [4, 0, 2])).toEqual([4, 0, 2])
    expect(await labels([2, 3], [0, 0, 1, 1, 0, 0])).toEqual([2, 0])
    expect(await labels([2, 3], [0, 1, 0, 0, 1, 0], true)).toEqual([2, 0])
    expect(await codeOf(() => labels([1, 3], [1, 1, 0]))).toBe('not-labels')
    expect(await codeOf(() => labels([1, 3], [0, 0, 0]))).toBe('not-labels')
    expect(await codeOf(() => labels([1, 3], [0, 2, 0]))).toBe('not-labels')
  })

  test('labels may be names', async () => {
    // numpy.array(['hat', 'é🙂'], '<U3'), its bytes swapped, and numpy.array([b'hat', b'shoe'])
    const letters = ['h', 'a', 't', 'é', '🙂', '\0'].map((letter) => letter.codePointAt(0)!)
    const wide = new DataView(new ArrayBuffer(24))
    letters.forEach((code, at) => wide.setUint32(4 * at, code, true))
    expect(await labelsOf(npy('<U3', [2], new Uint8Array(wide.buffer)))).toEqual(['hat', 'é🙂'])
    letters.forEach((code, at) => wide.setUint32(4 * at, code))
    expect(await labelsOf(npy('>U3', [2], new Uint8Array(wide.buffer)))).toEqual(['hat', 'é🙂'])
    const narrow = npy('|S4', [2, 1], Uint8Array.from(Buffer.from('hat\0shoe')))
    expect(await labelsOf(narrow)).toEqual(['hat', 'shoe'])
    expect(await codeOf(() => labelsOf(npy('|O', [2], new Uint8Array(16))))).toBe('pickled-objects')
  })

  test('labels for another number of images are not read', async () => {
    const header = npy('<f8', [2 ** 40], new Uint8Array(0))
    async function* endless() {
      yield header
      yield new Uint8Array(4096)
      throw new Error('more was read than the header')
    }
    expect(await codeOf(() => readNpyLabels('l', endless(), undefined, quiet, 10))).toBe(
      'count-mismatch'
    )
  })

  test('an array that claims more than comes is not made room for', async () => {
    for (const dims of [
      [2 ** 20, 2 ** 10, 2 ** 10],
      [1, 2 ** 12, 2 ** 12]
    ]) {
      const file = npy('<f8', dims, new Uint8Array(8), true)
      const array = await openNpy('a.npy', chunksOf(source('a.npy', file)), undefined, quiet)
      const before = process.memoryUsage().arrayBuffers
      const code = await codeOf(() =>
        collect(orderedImages(array, imageShape(array.path, array.dims, quiet)))
      )
      expect(['truncated-file', 'implausible-shape']).toContain(code)
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24)
    }
  })
})

describe('names in an NPZ', () => {
  test('each naming in use is known', () => {
    expect(splitsOfNames('a', ['x_train', 'y_train', 'x_test', 'y_test'])).toEqual({
      train: { images: 'x_train', labels: 'y_train' },
      test: { images: 'x_test', labels: 'y_test' }
    })
    expect(splitsOfNames('a', ['data', 'target']).train).toEqual({
      images: 'data',
      labels: 'target'
    })
    expect(splitsOfNames('a', ['X', 'Y']).train).toEqual({ images: 'X', labels: 'Y' })
    expect(imagesOfNames('a', ['only'])).toBe('only')
  })

  test('images alone have no labels, names that say nothing are refused', async () => {
    const alone = { images: 'x_train', labels: undefined }
    expect(splitsOfNames('a', ['x_train'])).toEqual({ train: alone })
    expect(splitsOfNames('a', ['weights']).train).toEqual({ images: 'weights', labels: undefined })
    expect(await codeOf(async () => splitsOfNames('a', ['weights', 'bias']))).toBe('unknown-arrays')
  })
})
