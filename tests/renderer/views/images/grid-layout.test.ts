import { describe, expect, test } from 'vitest'
import {
  cellAt,
  gridLayout,
  MAX_SCROLL_HEIGHT,
  offsetOfScroll,
  offsetToReveal,
  positionAfterKey,
  scrollOfOffset,
  visibleRange
} from '../../../../src/renderer/views/images/grid-layout'

describe('the layout of the grid', () => {
  // 9 columns of 56 with gaps of 6 need 9 x 56 + 8 x 6 = 552 pixels
  test('puts nine columns into 552 pixels and eight into 551', () => {
    expect(gridLayout(100, 552, 620).columns).toBe(9)
    expect(gridLayout(100, 551, 620).columns).toBe(8)
  })

  test('is one column wide at least and has no height without images', () => {
    expect(gridLayout(5, 10, 100).columns).toBe(1)
    expect(gridLayout(0, 552, 620).contentHeight).toBe(0)
  })

  test('shows the rows that touch the viewport', () => {
    const layout = gridLayout(1000, 552, 620)
    expect(visibleRange(layout, 0)).toEqual({ start: 0, end: 90 })
    // row 1 begins at 62; 61 shows the end of the gap after row 0
    expect(visibleRange(layout, 62)).toEqual({ start: 9, end: 99 })
    expect(visibleRange(layout, layout.contentHeight - 620).end).toBe(1000)
  })

  test('finds the cell under a point and none in a gap', () => {
    const layout = gridLayout(20, 552, 620)
    expect(cellAt(layout, 0, 0, 0)).toBe(0)
    expect(cellAt(layout, 62, 62, 0)).toBe(10)
    expect(cellAt(layout, 58, 10, 0)).toBeUndefined()
    expect(cellAt(layout, 200, 130, 0)).toBeUndefined()
  })

  test('reaches the first and last image of a million in one column by scaling the way', () => {
    const layout = gridLayout(1_000_000, 56, 620)
    expect(layout.contentHeight).toBe(1_000_000 * 62 - 6)
    expect(layout.scrollHeight).toBe(MAX_SCROLL_HEIGHT)
    const end = offsetOfScroll(layout, layout.scrollHeight - 620)
    expect(visibleRange(layout, end).end).toBe(1_000_000)
    expect(scrollOfOffset(layout, end)).toBeCloseTo(layout.scrollHeight - 620, 6)
    expect(offsetOfScroll(layout, 0)).toBe(0)
  })

  test('scrolls no further than a cell needs', () => {
    const layout = gridLayout(1000, 552, 620)
    expect(offsetToReveal(layout, 3, 0)).toBe(0)
    expect(offsetToReveal(layout, 3, 200)).toBe(0)
    // row 11 ends at 11 x 62 + 56 = 738, and three pixels more for its ring
    expect(offsetToReveal(layout, 99, 0)).toBe(738 + 3 - 620)
  })
})

describe('the keys of the grid', () => {
  const layout = gridLayout(100, 552, 620)
  test.each([
    ['ArrowRight', 5, 6],
    ['ArrowLeft', 5, 4],
    ['ArrowLeft', 0, 0],
    ['ArrowDown', 5, 14],
    ['ArrowUp', 14, 5],
    ['ArrowUp', 5, 5],
    ['Home', 42, 0],
    ['End', 42, 99],
    ['PageDown', 0, 90],
    ['PageUp', 95, 5],
    // 100 images end with one in the last row: down from column 5 goes to it
    ['ArrowDown', 95, 99],
    ['ArrowDown', 99, 99]
  ])('%s at %i goes to %i', (key, from, to) => {
    expect(positionAfterKey(layout, from, key)).toBe(to)
  })

  test('other keys do not move', () => {
    expect(positionAfterKey(layout, 5, 'a')).toBeUndefined()
  })
})
