import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 as nodeCrc32 } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { compiledKernels } from '../../../scripts/setup/kernels.mjs'
import { createRandom } from '../../../src/core/random'
import { bestCrc32, portableCrc32 } from '../../../src/main/disk/crc32'
import { wasmCrc32 } from '../../../src/main/disk/wasm-crc32'
import type { Crc32 } from '../../../src/main/disk/wasm-crc32'

const folder = mkdtempSync(join(tmpdir(), 'normscope-crc32-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let wasm: Crc32

beforeAll(async () => {
  writeFileSync(join(folder, 'kernels.wasm'), await compiledKernels())
  wasm = wasmCrc32(join(folder, 'kernels.wasm'))!
}, 60_000)

/** Around the sixteen bytes of a step and the slices of a call. */
const LENGTHS = [0, 1, 7, 15, 16, 17, 31, 32, 33, 1000, 262_143, 262_144, 262_145, 700_001]
const random = createRandom(11)
const bytes = Uint8Array.from({ length: 700_001 }, () => Math.floor(random.uniform() * 256))

describe.each([
  ['by WebAssembly', (...asked: Parameters<Crc32>) => wasm(...asked)],
  ['in plain TypeScript', portableCrc32]
])('CRC-32 %s', (_, crc32) => {
  test('is the published check value', () => {
    expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926)
  })

  test.each(LENGTHS)('of %i random bytes is that of zlib, from any address', (length) => {
    for (const from of [0, 3]) {
      const some = bytes.subarray(from, from + length)
      expect(crc32(some)).toBe(nodeCrc32(some))
    }
  })

  test('goes on from the sum of the bytes that came first', () => {
    for (const at of [0, 5, 300_000, bytes.length]) {
      expect(crc32(bytes.subarray(at), crc32(bytes.subarray(0, at)))).toBe(nodeCrc32(bytes))
    }
  })
})

test('CRC-32 by WebAssembly is that of Python for 9,500,000 bytes', () => {
  // zlib.crc32(bytes(i * 7 % 251 for i in range(9_500_000)))
  const many = Uint8Array.from({ length: 9_500_000 }, (_, index) => (index * 7) % 251)
  expect(wasm(many)).toBe(2059997079)
})

describe('where Node has no CRC-32 of its own', () => {
  const check = (crc32: Crc32): void => {
    for (const length of [10, 500_000, 10]) {
      expect(crc32(bytes.subarray(0, length))).toBe(nodeCrc32(bytes.subarray(0, length)))
    }
  }

  test('WebAssembly is loaded once, for many bytes', () => {
    const load = vi.fn(() => wasm)
    const crc32 = bestCrc32(undefined, load)
    expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926)
    expect(load).not.toHaveBeenCalled()
    check(crc32)
    expect(load).toHaveBeenCalledTimes(1)
  })

  test('WebAssembly that cannot be had changes no sum', () => {
    const broken = join(folder, 'broken.wasm')
    writeFileSync(broken, 'no module')
    for (const file of [broken, join(folder, 'missing.wasm')]) {
      expect(wasmCrc32(file)).toBeUndefined()
      check(bestCrc32(undefined, () => wasmCrc32(file)))
    }
  })
})
