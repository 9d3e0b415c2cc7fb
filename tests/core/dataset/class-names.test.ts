import { describe, expect, test } from 'vitest'
import {
  classNameErrors,
  lacksClassNames,
  withClassNames
} from '../../../src/core/dataset/class-names'
import type { Dataset } from '../../../src/core/dataset/dataset'

const numbered = { id: 'a', classNames: ['0', '1', '2'] } as unknown as Dataset

describe('names of classes', () => {
  test('are given and taken back', () => {
    const named = withClassNames(numbered, [' cat ', 'dog', 'owl'])
    expect(named.classNames).toEqual(['cat', 'dog', 'owl'])
    expect(lacksClassNames(named)).toBe(true)
    expect(withClassNames(named, ['x', 'y', 'z']).fileClassNames).toEqual(['0', '1', '2'])
    expect(withClassNames(named, undefined)).toEqual(numbered)
  })

  test('that are empty, twice there or too long are each told', () => {
    expect(classNameErrors(['a', ' ', 'a ', 'b'.repeat(61), 'b'.repeat(60)])).toEqual([
      undefined,
      'A name is needed.',
      'Class 0 has this name already.',
      'At most 60 characters.',
      undefined
    ])
    expect(() => withClassNames(numbered, ['a', 'a', 'b'])).toThrow('class 1 cannot be used')
    expect(() => withClassNames(numbered, ['a'])).toThrow('1 class names were given for 3 classes')
  })

  test('are missing where the files have numbers', () => {
    expect(lacksClassNames({ classNames: ['3', '-9'] })).toBe(true)
    expect(lacksClassNames({ classNames: ['3', 'owl'] })).toBe(false)
    expect(lacksClassNames({ classNames: [] })).toBe(false)
  })
})
