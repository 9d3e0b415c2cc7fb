import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { factsOf, folderOf, open, scratch } from './helpers'
import { SAMPLES } from './samples'

type Mutation = (file: Buffer) => Buffer

/** A place in the file, more often near its beginning, where headers are. */
const place = fc.oneof(
  fc.nat(63).map((at) => () => at),
  fc.nat().map((at) => (length: number) => at % length)
)
const content = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 4 }),
  fc
    .constantFrom(...['"', '\n', ',', ';', '\0', 'NaN', '(', "'", '\xff\xff\xff\xff', '<', '0x1'])
    .map((text) => Buffer.from(text, 'latin1'))
)

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  place.map((at) => (file: Buffer) => file.subarray(0, at(file.length))),
  fc.tuple(place, content).map(([at, bytes]) => (file: Buffer) => {
    const from = Math.min(at(file.length), file.length)
    return Buffer.concat([file.subarray(0, from), bytes, file.subarray(from + bytes.length)])
  }),
  fc.tuple(place, content).map(([at, bytes]) => (file: Buffer) => {
    const from = Math.min(at(file.length), file.length)
    return Buffer.concat([file.subarray(0, from), bytes, file.subarray(from)])
  }),
  fc.tuple(place, fc.nat(12)).map(([at, length]) => (file: Buffer) => {
    const from = at(file.length)
    return Buffer.concat([file.subarray(0, from), file.subarray(from + length)])
  })
)

describe('a damaged file opens, or says what is wrong with it', () => {
  const samples = Object.entries(SAMPLES).filter(([name]) => name !== 'folder of images')
  test.each(samples)('%s', async (_, { path, files }) => {
    const names = Object.keys(files)
    const folder = folderOf(files)
    const store = { folder: scratch() }
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        async (name, mutations) => {
          const bad = mutations.reduce<Buffer>(
            (file, change) => (file.length === 0 ? file : change(file)),
            Buffer.from(files[name]!)
          )
          writeFileSync(join(folder, name), bad)
          const facts = await factsOf(() => open(join(folder, path), { store }))
          writeFileSync(join(folder, name), files[name]!)
          expect(facts.code, facts.message).not.toBe('internal')
        }
      ),
      { numRuns: 40, seed: 1 }
    )
  })
})
