import { describe, expect, test } from 'vitest'
import { errorFacts } from '../../../src/core/error'
import { pictureWords } from '../../../src/core/format/pictures'
import { sourceOf } from '../../../src/main/cli/dataset'

const picturesOf = (options: Readonly<Record<string, string>>) => sourceOf(['/x'], options).pictures

describe('files of labels', () => {
  const labelsOf = (labels: unknown) => sourceOf(['/x'], { labels }).labelsPath

  test('are one, or given again for each path; patterns and lists mean the same from everywhere', () => {
    expect(labelsOf('/a.csv')).toBe('/a.csv')
    expect(labelsOf(['/a.csv', '/b.csv'])).toEqual(['/a.csv', '/b.csv'])
    expect(labelsOf('l/*.csv')).toBe(`${process.cwd()}/l/*.csv`)
    expect(labelsOf('@l.txt')).toBe(`@${process.cwd()}/l.txt`)
    expect(labelsOf(undefined)).toBeUndefined()
    expect(() => labelsOf(['/a.csv', true])).toThrow('--labels needs a value.')
  })
})

describe('how picture files are made alike', () => {
  test('is part of what a data set was opened from', () => {
    const pictures = picturesOf({ pad: '28x30', background: 'white', damaged: 'leave-out' })
    expect(pictures).toEqual({
      size: { height: 28, width: 30, fit: 'pad' },
      background: 'white',
      damaged: 'leave-out'
    })
    expect(pictureWords(pictures!)).toBe('padded to 28 × 30, alpha on white, damaged ones left out')
    expect(picturesOf({ resize: '8X9' })?.size).toEqual({ height: 8, width: 9, fit: 'stretch' })
    expect(sourceOf(['/x'], { damaged: 'refuse' })).toEqual({ paths: ['/x'] })
  })

  test.each([
    [{ resize: '28' }, '--resize expects a height and a width'],
    [{ pad: '0x5' }, '--pad expects'],
    [{ resize: '9999x9999' }, 'at most 33,554,432 pixels'],
    [{ resize: '2x2', pad: '2x2' }, 'give one'],
    [{ background: 'red' }, 'black, white'],
    [{ damaged: 'maybe' }, 'refuse, leave-out']
  ])('is refused where it makes no sense: %j', (options, words) => {
    let message = ''
    try {
      picturesOf(options as Record<string, string>)
    } catch (thrown) {
      message = errorFacts(thrown).message
    }
    expect(message).toContain(words)
  })
})
