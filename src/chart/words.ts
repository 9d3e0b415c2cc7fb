import { textWidth } from './text-width'

/** Size of the words in a plot, and from line to line. */
export const LABEL_SIZE = 11
export const LABEL_GAP = 13
/** room above the plot for words: marks may fill it to its top */
export const ABOVE = LABEL_SIZE + 3

/** Pixels that a label takes. */
export const labelWidth = (text: string): number => Math.ceil(textWidth(text, LABEL_SIZE))

/**
 * Heights at which labels are written: each as near its wish as it gets, in the order of the
 * wishes, `gap` apart and between `top` and `bottom`.
 */
export function spread(wishes: readonly number[], gap: number, top: number, bottom: number) {
  const order = wishes.map((_, i) => i).sort((a, b) => (wishes[a] ?? 0) - (wishes[b] ?? 0))
  interface Block {
    ids: number[]
    middle: number
  }
  const blocks: Block[] = []
  const half = (block: Block): number => ((block.ids.length - 1) * gap) / 2
  const clamp = (block: Block): void => {
    const room = half(block)
    block.middle = Math.min(bottom - room, Math.max(top + room, block.middle))
  }
  for (const id of order) {
    let block: Block = { ids: [id], middle: wishes[id] ?? 0 }
    clamp(block)
    for (;;) {
      const before = blocks.at(-1)
      if (!before || before.middle + half(before) + gap <= block.middle - half(block)) break
      blocks.pop()
      const ids: number[] = [...before.ids, ...block.ids]
      const middle: number = ids.reduce((sum, i) => sum + (wishes[i] ?? 0), 0) / ids.length
      block = { ids, middle }
      clamp(block)
    }
    blocks.push(block)
  }
  const places = new Array<number>(wishes.length).fill(0)
  for (const block of blocks) {
    block.ids.forEach((id, i) => (places[id] = block.middle - half(block) + i * gap))
  }
  return places
}
