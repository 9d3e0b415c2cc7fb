import { describe, expect, test } from 'vitest'
import { openCsvSplit } from '../../../src/core/format/csv/csv'
import { readCsvLabels } from '../../../src/core/format/csv/csv-labels'
import { namedLabels } from '../../../src/core/format/named-labels'
import { inUtf8 } from '../../../src/core/format/text'
import { errorFacts } from '../../../src/core/error'
import { nodeTools } from '../../../src/main/data/files/tools'
import { collect, source } from './build'

async function read(text: string | Buffer) {
  const warnings: string[] = []
  const bytes = Uint8Array.from(Buffer.from(text as string))
  const split = await openCsvSplit(source('a.csv', bytes), undefined, nodeTools, (said) =>
    warnings.push(said)
  )
  const values = await collect(split.chunks())
  const labels = Array.from(((await split.labels?.(0)) ?? []) as ArrayLike<string>)
  return { height: split.height, width: split.width, values, labels, warnings }
}

async function codeOf(text: string | Buffer): Promise<string> {
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

  test.each([
    ['semicolons', 'label;a;b;c;d\n3;0;1;2;255\n'],
    ['tabs', 'label\ta\tb\tc\td\n3\t0\t1\t2\t255\n'],
    ['spaces', '3 0 1 2 255\n'],
    ['spaces that align the columns', '  3   0   1   2 255 \n'],
    ['commas, with other signs in a quoted name', '"a;b;c;d;e",label,b,c,d\n0,3,1,2,255\n'],
    ['commas and spaces', 'label, a, b, c, d\n3, 0, 1, 2, 255\n']
  ])('fields may be separated by %s', async (_, text) => {
    const { values, labels } = await read(text)
    expect(values).toEqual([0, 1, 2, 255])
    expect(labels).toEqual(['3'])
  })

  test('an empty field between tabs or at the ends of a line is one', async () => {
    expect(await codeOf('label\ta\tb\tc\td\n3\t0\t1\t2\t\n')).toBe('not-a-number')
    expect(await codeOf('label\ta\tb\tc\td\n3\t\t1\t2\t4\n')).toBe('not-a-number')
    expect((await read('label\tp\n\t5\n')).labels).toEqual([''])
  })

  test.each([
    ['little-endian', Buffer.from('\ufefflabel,p\nSchuh – ä,17\n', 'utf16le')],
    ['big-endian', Buffer.from('\ufefflabel,p\nSchuh – ä,17\n', 'utf16le').swap16()]
  ])('UTF-16 with a byte order mark is read, %s', async (_, text) => {
    expect(await read(text)).toMatchObject({ values: [17], labels: ['Schuh – ä'] })
  })

  test('other 8-bit text is read as Windows-1252, and that is said', async () => {
    const { labels, warnings } = await read(Buffer.from('label,p\nHüte,17\nHöte,18\n', 'latin1'))
    expect(labels).toEqual(['Hüte', 'Höte'])
    expect(warnings).toEqual([expect.stringContaining('Windows-1252')])
  })

  test.each([1, 2, 3, 5])('letters may be cut between pieces of %i bytes', async (size) => {
    const inPieces = async (bytes: Buffer): Promise<[string, number]> => {
      async function* pieces() {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
      }
      const out: Uint8Array[] = []
      let warned = 0
      for await (const piece of inUtf8('a', pieces(), () => warned++)) out.push(piece)
      return [Buffer.concat(out).toString(), warned]
    }
    const text = 'aé€🙂, ü\n日本\n'
    expect(await inPieces(Buffer.from(text))).toEqual([text, 0])
    expect(await inPieces(Buffer.from(`\ufeff${text}`, 'utf16le'))).toEqual([text, 0])
    expect(await inPieces(Buffer.from('aü, é', 'latin1'))).toEqual(['aü, é', 1])
  })

  test('a header is told by the row below it', async () => {
    const named = await read('kind,0,1,2,3\n7,9,8,7,6\n8,9,8,7,6\n')
    expect(named).toMatchObject({ labels: ['7', '8'], values: [9, 8, 7, 6, 9, 8, 7, 6] })
    const last = await read('a,b,c,d,kind\n1,2,3,4,hat\n5,6,7,8,shoe\n')
    expect(last).toMatchObject({ labels: ['hat', 'shoe'], values: [1, 2, 3, 4, 5, 6, 7, 8] })
    const numbered = await read('kind,0,1,2,3\nhat,9,8,7,6\nshoe,5,4,3,2\n')
    expect(numbered).toMatchObject({ labels: ['hat', 'shoe'], values: [9, 8, 7, 6, 5, 4, 3, 2] })
  })

  test('a word beside a square number of pixels is a label, though all would be a square too', async () => {
    const row = [...Array<number>(48).keys()].join(',')
    expect((await read(`hat,${row}\nshoe,${row}\n`)).labels).toEqual(['hat', 'shoe'])
  })

  test('a quote within a field is a part of it', async () => {
    expect((await read('label,p\n7" record,1\nhat,2\n')).labels).toEqual(['7" record', 'hat'])
    expect((await read('label,p\n"7"" record",1\n')).labels).toEqual(['7" record'])
  })

  test.each(['1e2', '100.0', '+100', '1.0E+2', '100.'])('%s is the number 100', async (field) => {
    expect((await read(`label,p\n0,${field}\n`)).values).toEqual([100])
  })

  test.each(['0x10', '0b11', '0o7', 'Infinity', '-inf', 'NaN', '1_000', '\u00a0', '1e999', '1 2'])(
    '“%s” is no number',
    async (field) => {
      expect(await codeOf(`label,p\n0,${field}\n`)).toBe('not-a-number')
    }
  )

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
    ['corrupt-csv', 'label,a,b,c,d\n0,"1,2,3,4\n'],
    ['corrupt-csv', 'label,p\n0,"1"2\n'],
    ['web-page', '<!DOCTYPE html>\n<html><body>Not found, sorry</body></html>'],
    ['web-page', '\ufeff\n <HTML lang="en">'],
    ['web-page', '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'],
    ['lfs-pointer', `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\n`]
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

describe('labels in a CSV', () => {
  const labels = async (text: string, images?: number) => {
    const bytes = Uint8Array.from(Buffer.from(text))
    const read = await readCsvLabels(source('l.csv', bytes), nodeTools, () => undefined, images)
    return Array.from(read as ArrayLike<string>)
  }

  test('are in the column of that name, in the only one, or in the last', async () => {
    expect(await labels('id;Label;x\n1;hat;0\n2;shoe;0\n')).toEqual(['hat', 'shoe'])
    expect(await labels('hat\nshoe\n')).toEqual(['hat', 'shoe'])
    expect(await labels('a.png,3\nb.png,4\n')).toEqual(['3', '4'])
  })

  test('may have a header of any name, told by the row below or by the number of images', async () => {
    expect(await labels('kind\n3\n4\n')).toEqual(['3', '4'])
    expect(await labels('kind\nhat\nshoe\n', 2)).toEqual(['hat', 'shoe'])
    expect(await labels('kind\nhat\nshoe\n', 3)).toEqual(['kind', 'hat', 'shoe'])
  })

  test('are not read beyond one more than there are images', async () => {
    const line = new TextEncoder().encode('1\n'.repeat(1 << 15))
    let asked = 0
    const endless = {
      name: 'l.csv',
      size: 2 ** 40,
      read: (_: number, length: number) => {
        asked += length
        return Promise.resolve(line.subarray(0, length))
      }
    }
    const failed = readCsvLabels(endless, nodeTools, () => undefined, 1000)
    await expect(failed).rejects.toThrow('1000 images, but more than 1000 labels')
    expect(asked).toBeLessThan(2 ** 24)
  })

  test('may be in a table of many more rows than there are images', () => {
    const rows = Array.from({ length: 300_000 }, (_, at) => [`${at}.png`, `class ${at % 3}`])
    expect(namedLabels('l.csv', rows, ['7.png', '0.png'])).toEqual(['class 1', 'class 0'])
  })

  test('are not taken from a web page', async () => {
    const failed = labels('<!doctype html><p>404, not found</p>')
    await expect(failed.catch((thrown: unknown) => errorFacts(thrown).code)).resolves.toBe(
      'web-page'
    )
  })
})
