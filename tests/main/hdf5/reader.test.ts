import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { NormscopeError } from '../../../src/core/error'
import type { FiledArray } from '../../../src/core/format/array-file'
import { limitGrowth, Mount } from '../../../src/main/hdf5/library'
import { Hdf5Reader } from '../../../src/main/hdf5/reader'
import { scratch } from '../data/helpers'
import written from '../../reference/hdf5.json'

const folder = scratch()

function fileOf(name: string): Buffer {
  const set = written.sets.find((one) => one.name === name)
  const files: Readonly<Record<string, string | undefined>> | undefined = set?.files
  const file = files?.['a.h5'] ?? written.refused.find((one) => one.name === name)?.file
  return gunzipSync(Buffer.from(file!, 'base64'))
}

/** What comes of a file: 'read', or the code of the error that refuses it or one of its arrays. */
function outcome(reader: Hdf5Reader, bytes: Uint8Array): string {
  const path = join(folder, 'file.h5')
  writeFileSync(path, bytes)
  const request = { path, called: 'file.h5' }
  try {
    for (const array of reader.arrays(request)) {
      if ('refused' in array) return array.refused.code
      const [rows = 1] = array.dims
      if (rows > 0 && rows < 1000) {
        reader.rows(request, { array: array.name, from: 0, count: rows })
      }
    }
    return 'read'
  } catch (thrown) {
    if (!(thrown instanceof NormscopeError)) throw thrown
    expect(thrown.message.length).toBeGreaterThan(20)
    return thrown.facts.code
  } finally {
    reader.close()
  }
}

describe.each([
  'gzip, shuffle and fletcher32',
  'the newest version of the format',
  'texts of any length'
])('a file with %s', (name) => {
  const whole = fileOf(name)

  test('is refused wherever it ends too early', async () => {
    const reader = await Hdf5Reader.create()
    for (let size = 0; size < whole.length; size += 97) {
      const found = outcome(reader, whole.subarray(0, size))
      expect(['truncated-file', 'corrupt-hdf5'], `${size} bytes`).toContain(found)
    }
    expect(outcome(reader, whole)).toBe('read')
  })

  test('is read or refused with any byte changed, and the next file is read', async () => {
    const reader = await Hdf5Reader.create()
    const codes = new Set<string>()
    for (let at = 0; at < whole.length; at += 47) {
      const changed = Buffer.from(whole)
      changed[at]! ^= 0xff
      codes.add(outcome(reader, changed))
      expect(outcome(reader, whole)).toBe('read')
    }
    expect(codes).toContain('read')
    expect(codes).toContain('corrupt-hdf5')
  })
})

test('rows are read from any place', async () => {
  const reader = await Hdf5Reader.create()
  const path = join(folder, 'rows.h5')
  writeFileSync(path, fileOf('chunks across rows and columns'))
  const request = { path, called: path }
  const x = reader.arrays(request).find((one) => one.name === 'x') as FiledArray
  expect(x).toEqual({
    name: 'x',
    dims: [6, 4, 3],
    content: 'u1',
    rowBytes: 12,
    together: 4,
    chunks: 4
  })
  const { bytes } = reader.rows(request, { array: 'x', from: 2, count: 3 })
  expect([...bytes]).toEqual(Array.from({ length: 36 }, (_, at) => ((24 + at) * 7) % 251))
  reader.close()
})

test('an array that went missing since the file was looked at is refused', async () => {
  const reader = await Hdf5Reader.create()
  const path = join(folder, 'other.h5')
  writeFileSync(path, fileOf('arrays x and y'))
  const rows = { array: 'z', from: 0, count: 1 }
  expect(() => reader.rows({ path, called: path }, rows)).toThrow('z is not in it any more')
  expect(() => reader.arrays({ path: folder, called: folder })).toThrow('a file is expected')
  expect(() => reader.arrays({ path: join(folder, 'none'), called: 'none' })).toThrow(
    'does not exist'
  )
  reader.close()
})

/** What is wrong in the file; the others are arrays that are no images. */
const WRONG_IN_FILE = [
  'other-file',
  'broken-link',
  'unknown-compression',
  'unsupported-dtype',
  'implausible-shape',
  'chunk-too-large'
]

test.each(
  written.refused
    .filter(({ code }) => WRONG_IN_FILE.includes(code))
    .map(({ name, code }) => [name, code] as const)
)('%s opens no other file and is refused', async (name, code) => {
  expect(outcome(await Hdf5Reader.create(), fileOf(name))).toBe(code)
})

test.each(['numbers of type ?', 'texts of a fixed length', 'labels of an enumeration'])(
  '%s are read',
  async (name) => {
    expect(outcome(await Hdf5Reader.create(), fileOf(name))).toBe('read')
  }
)

describe('the library', () => {
  test('has no file but the one that is mounted', async () => {
    const { library, takeAsked } = await Mount.create().then((mount) => ({
      library: mount.library,
      takeAsked: () => mount.takeAsked()
    }))
    for (const path of ['/etc/hostname', '/dev/random', '/file-0.h5', '../etc/hostname']) {
      expect(() => library.FS.open(path, 'r')).toThrow()
      expect(library.open(path, library.H5F_ACC_RDONLY, false, -1, -1)).toBeLessThan(1n)
      expect(takeAsked()).toContain(path)
    }
    // nothing of this computer is mounted that could be reached by another way
    expect(library.FS.readdir('/')).not.toContain('etc')
  })

  test('is refused more memory than it may have, and says so', async () => {
    const grow = Object.getOwnPropertyDescriptor(WebAssembly.Memory.prototype, 'grow')!
    limitGrowth(64 * 2 ** 20)
    try {
      const { library } = await Mount.create()
      expect(library._malloc(128 * 2 ** 20)).toBe(0)
      const room = library._malloc(2 ** 20)
      expect(room).toBeGreaterThan(0)
      library._free(room)
      // a chunk that says it has 96 bytes, and unpacks to 128 MiB
      const bomb = gunzipSync(Buffer.from(written.bomb, 'base64'))
      expect(outcome(await Hdf5Reader.create(), bomb)).toBe('corrupt-hdf5')
      const whole = fileOf('gzip, shuffle and fletcher32')
      expect(outcome(await Hdf5Reader.create(), whole)).toBe('read')
    } finally {
      Object.defineProperty(WebAssembly.Memory.prototype, 'grow', grow)
    }
  })
})
