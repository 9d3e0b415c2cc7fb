import { describe, expect, it } from 'vitest'
import {
  labelsPathOf,
  labelsPathsOf,
  openedFrom,
  pathLines,
  pathsText,
  samePaths
} from '../../../src/core/study/opened-from'

describe('what a data set was opened from', () => {
  it('is read as older versions wrote it, with one path', () => {
    const old = { path: '/x.npy', labelsPath: '/y.npy', pictures: { background: 'white' } }
    expect(openedFrom.parse(old)).toEqual({
      paths: ['/x.npy'],
      labelsPath: '/y.npy',
      pictures: { background: 'white' }
    })
  })

  it('has one file of labels, as older versions know it, or several', () => {
    for (const labelsPath of ['/y.csv', ['/y.csv', '/z.csv'], undefined]) {
      const read = openedFrom.parse({ paths: ['/x.npy'], labelsPath })
      expect(read.labelsPath).toEqual(labelsPath)
      expect(labelsPathOf(labelsPathsOf(read.labelsPath))).toEqual(labelsPath)
    }
    expect(labelsPathOf(['/y.csv'])).toBe('/y.csv')
  })

  it.each([
    {},
    { paths: ['/x'], labelsPath: [] },
    { paths: ['/x'], labelsPath: ['/y', 7] },
    { path: 7 },
    { path: '' },
    { paths: [] },
    { paths: '/x' },
    { paths: ['/x', 7] },
    { path: '/x', paths: [] },
    null,
    '/x'
  ])('is checked: %j', (read) => {
    expect(openedFrom.safeParse(read).success).toBe(false)
  })

  it('is told in a few words, and in a few lines', () => {
    expect(pathsText(['/x'])).toBe('/x')
    expect(pathsText(['/x', '/y', '/z'])).toBe('/x and 2 more')
    expect(pathLines(['/x', '/y'])).toBe('/x\n/y')
    const many = Array.from({ length: 15 }, (_, at) => `/${at}`)
    expect(pathLines(many).split('\n').slice(-2)).toEqual(['/11', 'and 3 more'])
  })

  it('is the same where files and order are', () => {
    expect(samePaths(['a', 'b'], ['a', 'b'])).toBe(true)
    expect(samePaths(['a', 'b'], ['b', 'a'])).toBe(false)
    expect(samePaths(['a'], ['a', 'b'])).toBe(false)
  })
})
