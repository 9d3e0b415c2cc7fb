import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NormscopeError } from '../../../src/core/error'
import { DecoderPool } from '../../../src/main/data/files/decoder-pool'
import { greyPng } from '../../core/format/build'
import { PROGRAM_FOLDER } from '../trainer/trainer-process'
import { contentOf, factsOf, folderOf, open, scratch } from './helpers'

/** The real decoder, which ends or hangs at pictures of these names, as a native decoder may. */
function fragile(): string {
  const program = join(scratch(), 'fragile.cjs')
  writeFileSync(
    program,
    `process.on('message', ({ files }) => {
      if (files.some(({ name }) => name.includes('deadly'))) process.kill(process.pid, 'SIGABRT')
      while (files.some(({ name }) => name.includes('endless')));
    })
    require(${JSON.stringify(join(PROGRAM_FOLDER, 'decoder.cjs'))})`
  )
  return program
}

const pictures = (names: readonly string[]): string =>
  folderOf(Object.fromEntries(names.map((name, index) => [`a/${name}.png`, greyPng([index])])))

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => `${index}`)

test('pictures come in their order, however many there are', async () => {
  const { pixels } = await contentOf(await open(pictures(numbers(700))))
  expect(pixels).toEqual(numbers(700).map((name) => Number(name) % 256))
})

test('a picture that ends the decoder costs itself alone, and is named', async () => {
  const names = [...numbers(20), 'deadly', 'z']
  const facts = await factsOf(() => open(pictures(names), { decoder: { program: fragile() } }))
  expect(facts).toMatchObject({ code: 'corrupt-image', path: 'a/deadly.png' })
  expect(facts.message).toContain('deadly.png cannot be decoded: the decoder ended (SIGABRT)')
})

test('pictures before and after one that ends the decoder are decoded', async () => {
  const folder = pictures(['0', '1', 'deadly', '3'])
  const decoders = new DecoderPool(() => undefined, { program: fragile() })
  const seen: number[] = []
  const take = async (names: readonly string[]): Promise<void> => {
    const files = names.map((name) => `a/${name}.png`)
    for await (const { values } of decoders.decode(folder, files)) seen.push(values[0]!)
  }
  expect((await factsOf(() => take(['0', '1', 'deadly', '3']))).code).toBe('corrupt-image')
  await take(['3', '0'])
  expect(seen).toEqual([0, 1, 3, 0])
  await decoders.close()
})

test('a picture that takes too long is named, and decoding goes on without it', async () => {
  const decoder = { program: fragile(), timeoutMs: 500 }
  const facts = await factsOf(() => open(pictures(['0', '1', 'endless']), { decoder }))
  expect(facts).toMatchObject({ code: 'corrupt-image', path: 'a/endless.png' })
  expect(facts.message).toContain('longer than 0.5 s')
})

test('decoding that hangs is ended at once where it is no longer wanted', async () => {
  const abort = new AbortController()
  const reason = { code: 'overtaken', message: 'Another data set was opened.' }
  const opening = factsOf(() =>
    open(pictures(['0', 'endless']), {
      decoder: { program: fragile() },
      signal: abort.signal,
      onProgress: (_, fraction) => {
        if (fraction === 0.5) abort.abort(new NormscopeError(reason))
      }
    })
  )
  expect(await opening).toEqual(reason)
}, 10_000)

test('a decoder that cannot be started is said to be missing', async () => {
  const decoder = { program: join(scratch(), 'nothing.cjs') }
  expect((await factsOf(() => open(pictures(['0']), { decoder }))).code).toBe('decoder-missing')
})

test('a picture of another size than the first is refused by name', async () => {
  const folder = folderOf({ 'a/1.png': greyPng([1]), 'b/1.png': greyPng([1, 2]) })
  expect(await factsOf(() => open(folder))).toMatchObject({ code: 'mixed-sizes', path: 'b/1.png' })
})
