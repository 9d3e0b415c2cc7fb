import { describe, expect, test } from 'vitest'
import { errorFacts } from '../../../src/core/error'
import { readTensors } from '../../../src/core/format/safetensors/header'
import { nodeTools } from '../../../src/main/data/files/tools'
import { gzip, source } from './build'

function file(header: unknown, data = new Uint8Array(0), claimed?: bigint): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(claimed ?? BigInt(text.length))
  return new Uint8Array(Buffer.concat([length, text, data]))
}

async function factsOf(bytes: Uint8Array) {
  try {
    await readTensors(source('a.safetensors', bytes), nodeTools)
  } catch (thrown) {
    return errorFacts(thrown)
  }
  return { code: 'none', message: '' }
}

const tensor = (shape: unknown, offsets: unknown, dtype: unknown = 'U8') => ({
  x: { dtype, shape, data_offsets: offsets }
})

describe('the header of safetensors', () => {
  test('names tensors with their place in the file', async () => {
    const bytes = file({ __metadata__: { a: 'b' }, ...tensor([2, 3], [0, 6]) }, new Uint8Array(6))
    const wanted = new Map([
      ['x', { type: 'u1', dims: [2, 3], offset: bytes.length - 6, bytes: 6 }]
    ])
    expect(await readTensors(source('a', bytes), nodeTools)).toEqual(wanted)
    expect(await readTensors(source('a', gzip(bytes)), nodeTools)).toEqual(wanted)
  })

  test.each([
    ['truncated-file', new Uint8Array(4)],
    ['truncated-file', file({}, undefined, 1000n)],
    ['truncated-file', file(tensor([2, 3], [0, 6]), new Uint8Array(5))],
    ['corrupt-header', file({}, undefined, 2n ** 63n)],
    ['corrupt-header', file('{"x": ')],
    ['corrupt-header', file('[1]')],
    ['corrupt-header', file({ x: null })],
    ['corrupt-header', file(tensor([2, 3], [0, 7]), new Uint8Array(7))],
    ['corrupt-header', file(tensor([2, -3], [0, 6]), new Uint8Array(6))],
    ['corrupt-header', file(tensor([2 ** 40, 2 ** 40], [0, 6]), new Uint8Array(6))],
    ['corrupt-header', file(tensor([6], [6, 0]), new Uint8Array(6))],
    ['corrupt-header', file(tensor([6], '06'), new Uint8Array(6))],
    ['unsupported-dtype', file(tensor([3], [0, 6], 'BF16'), new Uint8Array(6))]
  ])('%s', async (code, bytes) => {
    expect((await factsOf(bytes)).code).toBe(code)
  })
})
