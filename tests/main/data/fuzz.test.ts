import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { withChecksums } from '../../../fuzz/checksums'
import findings from '../../../fuzz/findings.json'
import { attemptOf, Judge } from '../../../fuzz/judge'
import type { Outcome } from '../../../fuzz/judge'
import { SUBJECTS } from '../../../fuzz/subjects'
import { difference } from '../../../fuzz/reading'
import { NAMES, recipes, SEEDS } from '../../../fuzz/seeds'
import type { Recipe } from '../../../fuzz/seeds'
import { FORMATS } from '../../../src/core/format/formats'
import { sniff } from '../../../src/core/format/sniff'
import { PICTURE_KINDS, pictureKind } from '../../../src/main/decoder/image'
import { greyPng, tar, zip } from '../../core/format/build'
import { scratch } from './helpers'

const judge = new Judge(scratch())
afterAll(() => judge.close())

const isGood = ({ kind }: Outcome): boolean => kind === 'opened' || kind === 'refused'

describe('the fuzzer', () => {
  test('has a seed of every format, kind of archive and kind of picture, which opens', async () => {
    const found = new Set<string>()
    const pictures = new Set<string>()
    const archives = new Set<string>()
    for (const { path, files } of Object.values(SEEDS)) {
      for (const file of Object.values(files)) {
        pictures.add(pictureKind(file))
        archives.add(sniff(file))
      }
      const outcome = await judge.try({ path, files })
      expect(outcome.kind, JSON.stringify(outcome)).toBe('opened')
      if (outcome.kind === 'opened') found.add(outcome.format)
    }
    // what is opened by a word has no file that could be damaged
    const ofFiles = FORMATS.filter(({ word }) => word === undefined)
    const without = ofFiles.filter(({ id }) => !found.has(id)).map(({ id }) => id)
    expect(without, 'add a small data set of these to tests/main/data/samples.ts').toEqual([])
    const missing = PICTURE_KINDS.filter((kind) => !pictures.has(kind))
    expect(missing, 'add a picture of these to fuzz/pictures.ts').toEqual([])
    expect([...archives]).toEqual(expect.arrayContaining(['zip', 'tar', 'gzip']))
  })

  test.each(Object.keys(SUBJECTS))('reads %s where nothing is damaged', async (seed) => {
    const outcome = await judge.try(await attemptOf({ seed, file: 0, steps: [] }))
    const missing = seed === 'list' ? { kind: 'refused', code: 'missing-file' } : undefined
    expect(outcome).toMatchObject(missing ?? { kind: 'opened' })
  })

  test('sees wrong pixels, and an error that is none of ours', async () => {
    const { path, files } = await attemptOf({
      array: { kind: 'npy', type: '<u2', fortran: true, dims: [2, 3, 4], bytes: '010203' }
    })
    expect(await judge.try({ path, files })).toMatchObject({ kind: 'opened', compared: true })
    const bytes = files[path]!
    // of a file that is neither, nothing is known
    expect(await judge.try({ path: 'a', files: { a: bytes.subarray(1) } })).toMatchObject({
      kind: 'refused'
    })
  })
})

test('what differs from what was written is told, beyond the tolerance', () => {
  const wanted = { height: 1, width: 2, channels: 1, values: Float64Array.of(1, 0.1) }
  const found = { ...wanted, format: 'x', count: 1 }
  expect(difference(found, wanted)).toBeUndefined()
  const other = { ...found, values: Float64Array.of(3, 0.1) }
  expect(difference(other, wanted, 1)).toBe('value 0 is 3 for 1')
  expect(difference(other, wanted, 2)).toBeUndefined()
  expect(difference({ ...found, width: 1, height: 2 }, wanted)).toBe('2 × 1 × 1 for 1 × 2 × 1')
  expect(difference({ ...found, values: Float64Array.of(1) }, wanted)).toBe('1 values for 2')
  const rounded = { ...found, values: Float64Array.of(1, Math.fround(0.1)) }
  expect(difference(rounded, wanted)).toBe('value 1 is 0.10000000149011612 for 0.1')
  expect(difference({ ...rounded, rounded: true }, wanted)).toBeUndefined()
})

test.each([
  ['png', greyPng([1, 2, 3, 4]), 24],
  ['tar', tar({ 'a/1.png': greyPng([1, 2]) }), 100],
  ['zip', zip({ 'a/1.png': greyPng([1, 2]) }), 60],
  ['tfrecord', SEEDS.tfrecord!.files['a.tfrecord']!, 40]
])('checksums of a changed %s file fit again', (_, file, at) => {
  expect(withChecksums(Buffer.from(file))).toEqual(Buffer.from(file))
  const changed = Buffer.from(file)
  changed[at]! ^= 1
  const mended = withChecksums(changed)
  expect(mended[at]).toBe(changed[at])
  expect(mended.equals(changed)).toBe(false)
  // what fits is left alone
  expect(withChecksums(mended)).toEqual(mended)
})

describe('a damaged file opens, or says what is wrong with it', () => {
  const all = NAMES
  const count = 700

  test(`as ${count} of them do`, { timeout: 60_000 }, async () => {
    let compared = 0
    let at = 0
    await fc.assert(
      fc.asyncProperty(recipes(all), async (recipe) => {
        const outcome = await judge.try(await attemptOf(recipe), at++ % 20 === 0)
        expect(isGood(outcome), JSON.stringify(outcome)).toBe(true)
        if (outcome.kind === 'opened' && outcome.compared) compared++
      }),
      { numRuns: count, seed: 1 }
    )
    expect(compared).toBeGreaterThan(count / 20)
  })

  test.each(
    (findings as { message: string; recipe: Recipe }[]).map(
      (one) => [one.message, one.recipe] as const
    )
  )('as was found once: %s', async (_, recipe) => {
    for (const whole of [false, true]) {
      const outcome = await judge.try(await attemptOf(recipe), whole)
      expect(isGood(outcome), JSON.stringify(outcome)).toBe(true)
    }
  })
})
