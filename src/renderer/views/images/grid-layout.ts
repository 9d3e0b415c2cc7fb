/** Side of a cell, CSS pixels. */
export const CELL = 56
/** Space between cells, CSS pixels. */
const GAP = 6
const PITCH = CELL + GAP

/** Browsers cap an element's height near 33 million pixels; past this the scroll way is scaled. */
export const MAX_SCROLL_HEIGHT = 30_000_000

/** Where the cells of a grid of `count` images lie in a viewport. All lengths in CSS pixels. */
export interface GridLayout {
  readonly count: number
  readonly columns: number
  readonly rows: number
  readonly viewportHeight: number
  /** height of all rows */
  readonly contentHeight: number
  /** height of the element that is scrolled; less than contentHeight only for enormous sets */
  readonly scrollHeight: number
}

export interface CellRange {
  /** position of the first cell */
  readonly start: number
  /** one past the last */
  readonly end: number
}

export function gridLayout(count: number, width: number, viewportHeight: number): GridLayout {
  const columns = Math.max(1, Math.floor((width + GAP) / PITCH))
  const rows = Math.ceil(count / columns)
  const contentHeight = rows === 0 ? 0 : rows * PITCH - GAP
  return {
    count,
    columns,
    rows,
    viewportHeight,
    contentHeight,
    scrollHeight: Math.min(contentHeight, MAX_SCROLL_HEIGHT)
  }
}

/** Content offset of the viewport's top for a scroll position. */
export function offsetOfScroll(layout: GridLayout, scrollTop: number): number {
  const way = layout.scrollHeight - layout.viewportHeight
  if (way <= 0) return 0
  const clamped = Math.min(Math.max(scrollTop, 0), way)
  return (clamped * (layout.contentHeight - layout.viewportHeight)) / way
}

/** Scroll position that puts a content offset at the viewport's top. */
export function scrollOfOffset(layout: GridLayout, offset: number): number {
  const way = layout.contentHeight - layout.viewportHeight
  if (way <= 0) return 0
  const clamped = Math.min(Math.max(offset, 0), way)
  return (clamped * (layout.scrollHeight - layout.viewportHeight)) / way
}

/** Cells of every row that touches the viewport. */
export function visibleRange(layout: GridLayout, offset: number): CellRange {
  const first = Math.max(0, Math.floor(offset / PITCH))
  const last = Math.ceil((offset + layout.viewportHeight) / PITCH)
  return {
    start: Math.min(layout.count, first * layout.columns),
    end: Math.min(layout.count, last * layout.columns)
  }
}

/** Top left corner of a cell relative to the viewport. */
export function cellOrigin(
  layout: GridLayout,
  position: number,
  offset: number
): { x: number; y: number } {
  const row = Math.floor(position / layout.columns)
  return { x: (position - row * layout.columns) * PITCH, y: row * PITCH - offset }
}

/** Position of the cell under a point of the viewport; undefined in a gap or past the end. */
export function cellAt(
  layout: GridLayout,
  x: number,
  y: number,
  offset: number
): number | undefined {
  const column = Math.floor(x / PITCH)
  const contentY = y + offset
  const row = Math.floor(contentY / PITCH)
  if (column < 0 || column >= layout.columns || row < 0) return undefined
  if (x - column * PITCH >= CELL || contentY - row * PITCH >= CELL) return undefined
  const position = row * layout.columns + column
  return position < layout.count ? position : undefined
}

/** The offset nearest to the present one at which a cell is wholly in view. */
export function offsetToReveal(layout: GridLayout, position: number, offset: number): number {
  const top = Math.floor(position / layout.columns) * PITCH
  if (top < offset) return top
  const least = top + CELL + 3 - layout.viewportHeight
  return least > offset ? least : offset
}

/** Cells a key moves by; undefined when the key does not move. */
export function positionAfterKey(
  layout: GridLayout,
  position: number,
  key: string
): number | undefined {
  const page = Math.max(1, Math.floor(layout.viewportHeight / PITCH)) * layout.columns
  const moves: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -layout.columns,
    ArrowDown: layout.columns,
    PageUp: -page,
    PageDown: page,
    Home: -layout.count,
    End: layout.count
  }
  const move = moves[key]
  if (move === undefined || layout.count === 0) return undefined
  const target = position + move
  if (key === 'ArrowUp' && target < 0) return position
  // Down from the last full row goes to the last cell only when there is a row below.
  if (key === 'ArrowDown' && target >= layout.count) {
    const rowBelow = Math.floor(position / layout.columns) + 1 < layout.rows
    return rowBelow ? layout.count - 1 : position
  }
  return Math.min(layout.count - 1, Math.max(0, target))
}
