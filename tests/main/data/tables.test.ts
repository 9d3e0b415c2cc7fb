import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { errorFacts } from '../../../src/core/error'
import { classNamesIn, columnsOf, rowImages } from '../../../src/core/format/parquet/rows'
import type { ColumnTable } from '../../../src/core/format/source'
import { factsOf, folderOf, open } from './helpers'

function table(rows: readonly Readonly<Record<string, unknown>>[], notes = {}): ColumnTable {
  return {
    columns: Object.entries(rows[0] ?? {}).map(([name, value]) => ({
      name,
      isNumber: typeof value === 'number' || typeof value === 'bigint'
    })),
    rows: rows.length,
    notes: new Map(Object.entries(notes)),
    groups: async function* () {
      yield rows
    }
  }
}

async function codeOf(row: Readonly<Record<string, unknown>>): Promise<string> {
  try {
    for await (const group of rowImages('a.parquet', table([row]), () => undefined)) void group
  } catch (thrown) {
    return errorFacts(thrown).code
  }
  return 'none'
}

describe('the columns of a table', () => {
  test('are found by name, or as the one that holds no numbers, or as pixels', () => {
    const of = (row: Readonly<Record<string, unknown>>) => columnsOf('a', table([row]))
    expect(of({ id: 1, IMAGE: 'b', Label: 1 })).toEqual({ images: ['IMAGE'], label: 'Label' })
    expect(of({ id: 1, photo: 'b' })).toEqual({ images: ['photo'], label: undefined })
    expect(of({ a: 1, b: 2, c: 3, d: 4, y: 0 })).toEqual({
      images: ['a', 'b', 'c', 'd'],
      label: 'y'
    })
    expect(() => of({ a: 1 })).toThrow('has a; images are in a column')
    expect(() => of({})).toThrow('no columns')
  })

  test('name their classes where Hugging Face noted them', () => {
    const noted = (text: string) => classNamesIn(table([], { huggingface: text }), 'label')
    expect(noted('{"info":{"features":{"label":{"names":["a","b"]}}}}')).toEqual(['a', 'b'])
    expect(noted('{"info":{"features":{"label":{"names":[1]}}}}')).toBeUndefined()
    expect(noted('{"info":')).toBeUndefined()
    expect(classNamesIn(table([]), 'label')).toBeUndefined()
  })

  test.each([
    ['none', { image: [1, 2n, true, 4], label: 3n }],
    [
      'none',
      {
        image: [
          [1, 2],
          [3, 4]
        ],
        label: 'a'
      }
    ],
    ['none', { image: [[[1, 2, 3]]], label: true }],
    ['none', { image: [1], label: Buffer.from('a') }],
    ['bad-label', { image: [1], label: null }],
    ['not-images', { image: null, label: 1 }],
    ['not-images', { image: { path: 'a.png' }, label: 1 }],
    ['not-images', { image: [[1, 2], [3]], label: 1 }],
    ['not-images', { image: ['a'], label: 1 }],
    ['not-square', { image: [1, 2], label: 1 }]
  ])('row %#: %s', async (code, row) => {
    expect(await codeOf(row)).toBe(code)
  })
})

const SETS = JSON.parse(
  readFileSync(new URL('../../reference/containers.json', import.meta.url), 'utf8')
) as { readonly name: string; readonly files: Readonly<Record<string, string>> }[]

const fileOf = (name: string): Buffer =>
  gunzipSync(Buffer.from(Object.values(SETS.find((set) => set.name === name)!.files)[0]!, 'base64'))

describe('a damaged Parquet file says so', () => {
  const whole = fileOf("Hugging Face's Parquet, snappy")
  test.each([
    ['cut short', whole.subarray(0, whole.length - 20)],
    ['begun', whole.subarray(0, 12)],
    [
      'of zeros',
      Buffer.concat([whole.subarray(0, 4), Buffer.alloc(whole.length - 300), whole.subarray(-296)])
    ],
    [
      'that says it is longer',
      Buffer.concat([whole.subarray(0, -8), Buffer.from([255, 255, 255, 127]), whole.subarray(-4)])
    ]
  ])('%s', async (_, bytes) => {
    const folder = folderOf({ 'a.parquet': bytes })
    const facts = await factsOf(() => open(join(folder, 'a.parquet')))
    expect(facts.code).toBe('corrupt-parquet')
    expect(facts.message).toContain('a.parquet cannot be read as Parquet')
  })
})

describe('what is not opened says what to do', () => {
  test('what lies at an address is to be downloaded', async () => {
    const facts = await factsOf(() => open('https://example.org/mnist.npz'))
    expect(facts.code).toBe('address')
    expect(facts.message).toContain('works offline')
  })
})
