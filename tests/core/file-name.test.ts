import { describe, expect, test } from 'vitest'
import { fileName, isPlainFileName } from '../../src/core/file-name'

describe('a suggested file name', () => {
  test.each([
    ['Fashion-MNIST', 'Fashion-MNIST.csv'],
    ['C:\\data\\a/b', 'C-data-a-b.csv'],
    ['12:30 <b>?"*|', '12-30 -b-.csv'],
    ['CON', 'normscope-CON.csv'],
    ['nul.2024', 'normscope-nul.2024.csv'],
    ['com1 ', 'normscope-com1 .csv'],
    ['Console', 'Console.csv'],
    ['.hidden', 'hidden.csv'],
    ['..', 'normscope-.csv'],
    ['', 'normscope-.csv'],
    ['衣服', '-.csv'],
    ['a'.repeat(300), `${'a'.repeat(100)}.csv`]
  ])('of %j is taken by every system: %s', (named, name) => {
    expect(fileName(named, 'csv')).toBe(name)
    expect(isPlainFileName(name)).toBe(true)
  })

  test.each([
    '',
    '.',
    '..',
    'a.',
    'a ',
    '.a',
    'a/b.csv',
    'a\\b',
    'a:b',
    'NUL.csv',
    'a\0',
    'a\n.csv'
  ])('%j is none', (name) => {
    expect(isPlainFileName(name)).toBe(false)
  })
})
