import { describe, expect, test } from 'vitest'
import { openCsvSplit } from '../../../src/core/dataset/csv'
import { errorFacts } from '../../../src/core/error'
import { nodeTools } from '../../../src/main/data/tools'
import { collect, source } from './build'

async function read(text: string) {
  const warnings: string[] = []
  const bytes = Uint8Array.from(Buffer.from(text))
  const split = await openCsvSplit(source('a.csv', bytes), undefined, nodeTools, (said) =>
    warnings.push(said)
  )
  const values = await collect(split.chunks())
  const labels = Array.from(((await split.labels?.()) ?? []) as ArrayLike<string>)
  return { height: split.height, width: split.width, values, labels, warnings }
}

async function codeOf(text: string): Promise<string> {
  try {
    await read(text)
    return 'none'
  } catch (thrown) {
    return errorFacts(thrown).code
  }
}

describe('CSV', () => {
  test('reads Kaggle’s layout: a header, the label first', async () => {
    const { height, width, values, labels, warnings } = await read(
      'label,pixel1,pixel2,pixel3,pixel4\n3,0,1,2,255\n1,4,5,6,7\n'
    )
    expect([height, width]).toEqual([2, 2])
    expect(values).toEqual([0, 1, 2, 255, 4, 5, 6, 7])
    expect(labels).toEqual(['3', '1'])
    expect(warnings).toEqual([])
  })

  test('finds the label wherever it is named', async () => {
    const { labels, values } = await read('a,b,Label,c,d\n1,2,9,3,4\n')
    expect(labels).toEqual(['9'])
    expect(values).toEqual([1, 2, 3, 4])
  })

  test('takes the first column without a header, and says so', async () => {
    const { labels, warnings } = await read('1,0,9,8,7\n0,0,3,4,5\n1,0,3,4,5\n0,9,3,4,5\n')
    expect(labels).toEqual(['1', '0', '1', '0'])
    expect(warnings).toEqual([expect.stringContaining('first column')])
  })

  test('takes the last column where only that holds classes', async () => {
    const rows = Array.from({ length: 8 }, (_, row) => `${row * 9},1,2,${row},${row % 2}`)
    const { labels } = await read(rows.join('\n'))
    expect(labels).toEqual(['0', '1', '0', '1', '0', '1', '0', '1'])
  })

  test('a word in a row without header is its label', async () => {
    expect((await read('shoe,1,2,3,4\nhat,1,2,3,4')).labels).toEqual(['shoe', 'hat'])
  })

  test('quotes, a byte order mark, carriage returns and blank lines are fine', async () => {
    const { values, labels } = await read('\ufeff"label","a"\r\n"2","17"\r\n\r\n"1"," 18"\r\n')
    expect(values).toEqual([17, 18])
    expect(labels).toEqual(['2', '1'])
  })

  test('three times a square is colour', async () => {
    const { height, width, warnings } = await read(`label,${'p,'.repeat(11)}p\n0${',5'.repeat(12)}`)
    expect([height, width]).toEqual([2, 2])
    expect(warnings).toEqual([expect.stringContaining('red, green, blue')])
  })

  test.each([
    ['ragged-row', 'label,a,b,c,d\n0,1,2,3,4\n0,1,2,3\n'],
    ['not-a-number', 'label,a,b,c,d\n0,1,2,3,4\n0,1,x,3,4\n'],
    ['not-a-number', 'label,a,b,c,d\n0,1,,3,4\n'],
    ['not-square', 'label,a,b\n0,1,2\n'],
    ['not-images', '1\n0\n'],
    ['empty-dataset', 'label,a,b,c,d\n'],
    ['empty-dataset', ''],
    ['corrupt-csv', 'label,a,b,c,d\n0,"1,2,3,4\n']
  ])('says %s', async (code, text) => {
    expect(await codeOf(text)).toBe(code)
  })

  test('columns that are all pixels have no labels beside them', async () => {
    const { height, values, labels } = await read('1,2,3,4\n5,6,7,8\n')
    expect({ height, values, labels }).toEqual({
      height: 2,
      values: [1, 2, 3, 4, 5, 6, 7, 8],
      labels: []
    })
  })

  test('names the row that is ragged', async () => {
    const failed = read('label,a\n0,1\n0,1,2\n')
    await expect(failed).rejects.toThrow('Row 3 of a.csv has 3 fields, the first row has 2')
  })
})
