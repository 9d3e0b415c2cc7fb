import { describe, expect, it } from 'vitest'
import {
  MAX_PIXELS,
  pictureOptions,
  pictureWords,
  Remarks
} from '../../../src/core/format/pictures'

describe('what is done to picture files', () => {
  it('is said in words', () => {
    expect(pictureWords({})).toBe('')
    expect(pictureWords({ size: { height: 28, width: 30, fit: 'stretch' } })).toBe(
      'resized to 28 × 30'
    )
    expect(
      pictureWords({
        size: { height: 28, width: 28, fit: 'pad' },
        background: 'white',
        damaged: 'leave-out'
      })
    ).toBe('padded to 28 × 28, alpha on white, damaged ones left out')
  })

  it('has sizes of so many pixels and no more', () => {
    const ok = (height: number, width: number): boolean =>
      pictureOptions.safeParse({ size: { height, width, fit: 'pad' } }).success
    expect(ok(1, MAX_PIXELS)).toBe(true)
    expect(ok(2, MAX_PIXELS)).toBe(false)
    expect(ok(0, 1)).toBe(false)
    expect(ok(1.5, 1)).toBe(false)
  })
})

describe('remarks about pictures', () => {
  it('are one sentence a kind, with the count', () => {
    const remarks = new Remarks()
    remarks.add()
    remarks.add([{ kind: 'turned' }, { kind: 'alpha-black' }])
    remarks.add([{ kind: 'turned' }])
    expect(remarks.sentences()).toEqual([
      'Images with an EXIF orientation: 2. They were turned upright.',
      'Images with an alpha channel: 1. They were composited on black.'
    ])
  })

  it('name three details, each once, and that there are others', () => {
    const details = (...given: string[]): string => {
      const remarks = new Remarks()
      for (const detail of given) remarks.add([{ kind: 'rescale', detail }])
      return remarks.sentences()[0]!
    }
    expect(details('a', 'b', 'a')).toContain('intercept: 3 (a; b)')
    expect(details('a', 'b', 'c')).toContain('3 (a; b; c)')
    expect(details('a', 'b', 'c', 'd', 'e')).toContain('5 (a; b; c; others)')
  })

  it('tell what was done to each kind', () => {
    const remarks = new Remarks()
    const kinds = ['alpha-dropped', 'alpha-white', 'frames', 'inverted', 'signed'] as const
    remarks.add(kinds.map((kind) => ({ kind })))
    const said = [
      'It was dropped',
      'on white',
      'first frame',
      'They were inverted',
      '32-bit floats'
    ]
    remarks.sentences().forEach((sentence, at) => expect(sentence).toContain(said[at]))
    expect(remarks.sentences()).toHaveLength(5)
  })
})
