import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bigEndian, idx, npy, zip } from '../../core/format/build'
import { rowImages } from '../../../src/core/format/parquet/rows'
import type { ColumnTable } from '../../../src/core/format/source'
import { factsOf, folderOf, open } from './helpers'

type Files = Readonly<Record<string, Uint8Array | string>>

const pixels = npy('|u1', [3, 1, 1], Uint8Array.of(1, 2, 3))
const floats = (values: readonly number[]): Uint8Array =>
  npy('>f8', [values.length], bigEndian(values, 8, 'setFloat64'))
const apart = (labels: Uint8Array | string, name: string): Files => ({
  'x.npy': pixels,
  [name]: labels
})

/** Each format with labels of these numbers. */
const FORMATS: readonly [
  string,
  (values: readonly number[]) => readonly [Files, string, string?]
][] = [
  ['NPZ', (values) => [{ 'a.npz': zip({ 'x.npy': pixels, 'y.npy': floats(values) }) }, 'a.npz']],
  ['NPY', (values) => [apart(floats(values), 'y.npy'), 'x.npy']],
  [
    'IDX',
    (values) => [
      {
        'a-images-idx3-ubyte': idx(8, [3, 1, 1], Uint8Array.of(1, 2, 3)),
        'a-labels-idx1-ubyte': idx(0x0e, [3], bigEndian(values, 8, 'setFloat64'))
      },
      'a-images-idx3-ubyte'
    ]
  ],
  [
    'CSV',
    (values) => [{ 'a.csv': values.map((value, at) => `${value},${at},1,1,1\n`).join('') }, 'a.csv']
  ],
  ['a CSV of labels', (values) => [apart(`${values.join('\n')}\n`, 'l.csv'), 'x.npy', 'l.csv']],
  ['a JSON of labels', (values) => [apart(JSON.stringify(values), 'l.json'), 'x.npy', 'l.json']]
]

async function opened([files, path, labels]: readonly [Files, string, string?]) {
  const folder = folderOf(files)
  return open(join(folder, path), labels === undefined ? {} : { labelsPath: join(folder, labels) })
}

describe.each(FORMATS)('labels in %s', (format, made) => {
  test('that are negative become classes, which is said', async () => {
    const { classNames, warnings } = await opened(made([-1, 0, 0]))
    expect(classNames).toEqual(['-1', '0'])
    expect(warnings.join(' ')).toContain('Some labels are negative (-1)')
  })

  test('with gaps become classes, which is said', async () => {
    const { classNames, warnings } = await opened(made([0, 1, 7]))
    expect(classNames).toEqual(['0', '1', '7'])
    expect(warnings.join(' ')).toContain('The labels are 0, 1 and 7, with gaps')
  })

  test('of one class are said to be so', async () => {
    const { classNames, warnings } = await opened(made([4, 4, 4]))
    expect(classNames).toEqual(['4'])
    expect(warnings.join(' ')).toContain('All images have the label 4')
  })

  // text may name anything
  const isText = /CSV|JSON/.test(format)

  test('that are no whole numbers are refused by the image, or in text become names, which is said', async () => {
    if (isText) {
      const { classNames, warnings } = await opened(made([0, 1.5, 1]))
      expect(classNames).toEqual(['0', '1', '1.5'])
      expect(warnings.join(' ')).toContain('Some labels are no whole numbers (1.5)')
      return
    }
    const facts = await factsOf(() => opened(made([0, 1.5, 1])))
    expect(facts).toMatchObject({ code: 'bad-label', actual: '1.5' })
    expect(facts.message).toContain('image 1 is 1.5')
  })

  test('that are NaN are refused by the image, or in text become a name, which is said', async () => {
    if (isText) {
      // JSON has no NaN, and null is no label
      if (format === 'a JSON of labels') {
        expect((await factsOf(() => opened(made([0, 1, NaN])))).code).toBe('corrupt-json')
        return
      }
      const { warnings } = await opened(made([0, 1, NaN]))
      expect(warnings.join(' ')).toContain('Some labels read NaN')
      return
    }
    const facts = await factsOf(() => opened(made([0, 1, NaN])))
    expect(facts).toMatchObject({ code: 'bad-label', actual: 'NaN' })
    expect(facts.message).toContain('image 2 is NaN')
  })
})

test.each([
  ['absent', null, 'bad-label'],
  ['a fraction', 0.5, 'none'],
  ['negative', -1, 'none']
])('a label in a table that is %s is read or refused by the row', async (_, label, code) => {
  const row = { image: [1, 2, 3, 4], label }
  const table: ColumnTable = {
    columns: [
      { name: 'image', isNumber: false },
      { name: 'label', isNumber: true }
    ],
    rows: 1,
    notes: new Map(),
    groups: async function* () {
      yield [row]
    }
  }
  // what is no whole number is refused with all the labels
  const labels: unknown[] = []
  const facts = await factsOf(async () => {
    for await (const group of rowImages('a.parquet', table, () => undefined)) {
      labels.push(...group.map((image) => image.label))
    }
  })
  expect(facts.code).toBe(code)
  expect(labels).toEqual(code === 'none' ? [label] : [])
})
