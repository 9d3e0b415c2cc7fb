import { describe, expect, test } from 'vitest'
import { CIFAR_KINDS, cifarKind, openCifar } from '../../../src/core/format/cifar/records'
import { errorFacts } from '../../../src/core/error'
import { nodeTools } from '../../../src/main/data/files/tools'
import { collect, gzip, source } from './build'

const [TEN, HUNDRED] = CIFAR_KINDS as [(typeof CIFAR_KINDS)[0], (typeof CIFAR_KINDS)[0]]
const record = (...labels: number[]): Buffer =>
  Buffer.concat([Buffer.from(labels), Buffer.alloc(3072, 200)])
const kindOf = (bytes: Uint8Array) =>
  cifarKind(source('a.bin', bytes), bytes.subarray(0, 4096), false)

async function factsOf(bytes: Uint8Array) {
  try {
    const quiet = (): void => undefined
    await collect((await openCifar(source('a.bin', bytes), TEN, nodeTools, quiet)).chunks())
  } catch (thrown) {
    return errorFacts(thrown)
  }
  return { code: 'none', message: '' }
}

describe('binary files of CIFAR', () => {
  test('are told by whole records with labels that there are', async () => {
    expect(await kindOf(Buffer.concat([record(9), record(0)]))).toBe(TEN)
    expect(await kindOf(Buffer.concat([record(19, 99), record(0, 0)]))).toBe(HUNDRED)
    expect(await kindOf(Buffer.concat([record(9), record(10)]))).toBeUndefined()
    expect(await kindOf(record(20, 5))).toBeUndefined()
    expect(await kindOf(record(9).subarray(1))).toBeUndefined()
    expect(await kindOf(new Uint8Array(0))).toBeUndefined()
  })

  test('say where they are cut, and which label is none', async () => {
    const cut = await factsOf(record(1).subarray(0, 3000))
    expect(cut).toMatchObject({ code: 'truncated-file', actual: '0 records and 3000 bytes' })
    const cutGzip = await factsOf(gzip(Buffer.concat([record(1), Buffer.of(1)])))
    expect(cutGzip).toMatchObject({ code: 'truncated-file', actual: '1 records and 1 bytes' })
    const bad = await factsOf(Buffer.concat([record(1), record(77)]))
    expect(bad).toMatchObject({ code: 'bad-label', expected: '0 to 9', actual: '77' })
  })
})
