import { expect, it } from 'vitest'
import type { Format } from '../../../src/core/format/format'
import { dialogFilters, listOfFormats, listOfLabelFormats } from '../../../src/core/format/lists'

/** What lists read of a format. */
const format = (parts: Partial<Format>): Format => ({ endings: [], ...parts }) as Format
const a = format({ name: 'AAA', endings: ['aa', 'aaa'] })
const b = format({ name: 'BBB', labels: { name: 'labels of B' } as Format['labels'] })
const c = format({ name: 'CCC', labels: { name: 'labels of C' } as Format['labels'] })
const made = format({ name: 'the made one', word: 'made' })

it('What a person can open is named with commas and an "or"; what a word opens is not a file', () => {
  expect(listOfFormats([])).toBe('')
  expect(listOfFormats([a, made])).toBe('AAA')
  expect(listOfFormats([a, b])).toBe('AAA or BBB')
  expect(listOfFormats([a, made, b, c])).toBe('AAA, BBB or CCC')
})

it('Files of labels are those of the formats that have them', () => {
  expect(listOfLabelFormats([a, b, c])).toBe('labels of B or labels of C')
})

it('A dialog shows all files first, then those of a format with endings, gzipped ones too', () => {
  expect(dialogFilters([a, b, made])).toEqual([
    { name: 'All files', extensions: ['*'] },
    { name: 'AAA', extensions: ['aa', 'aaa', 'gz'] }
  ])
})
