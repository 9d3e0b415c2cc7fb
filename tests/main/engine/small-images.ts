import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rowsOfRun } from '../../../src/core/dataset/draw'
import type { FitImages } from '../../../src/main/statistics/slices'

/** An IDX file of 3-d bytes (images) or 1-d bytes (labels): magic, sizes big-endian, values. */
function idx(sizes: readonly number[], values: ArrayLike<number>): Buffer {
  const head = Buffer.alloc(4 + 4 * sizes.length)
  head.writeUInt32BE(0x0800 + sizes.length)
  sizes.forEach((size, at) => head.writeUInt32BE(size, 4 + 4 * at))
  return Buffer.concat([head, Buffer.from(Uint8Array.from(values))])
}

/**
 * A folder of the usual four IDX files: 2 x 2 images; image i of class i % 3 has the values
 * 10 i, 10 i + 1, 10 i + 2, 10 i + 3.
 */
export function writeSmallImages(folder: string, train = 12, test = 6): string {
  mkdirSync(folder, { recursive: true })
  for (const [prefix, count] of [
    ['train', train],
    ['t10k', test]
  ] as const) {
    const pixels = Array.from({ length: count * 4 }, (_, at) => 10 * Math.floor(at / 4) + (at % 4))
    const labels = Array.from({ length: count }, (_, at) => at % 3)
    writeFileSync(join(folder, `${prefix}-images-idx3-ubyte`), idx([count, 2, 2], pixels))
    writeFileSync(join(folder, `${prefix}-labels-idx1-ubyte`), idx([count], labels))
  }
  return folder
}

/** A folder of training images, side x side, each of one value throughout; their classes are 0, 1, 0, ... */
export function writeEvenImages(folder: string, side: number, values: readonly number[]): string {
  mkdirSync(folder, { recursive: true })
  const pixels = values.flatMap((value) => new Array<number>(side * side).fill(value))
  writeFileSync(join(folder, 'train-images-idx3-ubyte'), idx([values.length, side, side], pixels))
  const labels = values.map((_, at) => at % 2)
  writeFileSync(join(folder, 'train-labels-idx1-ubyte'), idx([values.length], labels))
  return folder
}

/** Which of the twelve training images a run uses, and the mean of their first pixels. */
export function smallRows(images: FitImages): { readonly rows: number[]; readonly first: number } {
  const labels = Int32Array.from({ length: 12 }, (_, at) => at % 3)
  const rows = [...rowsOfRun(labels, images)]
  return { rows, first: (10 * rows.reduce((sum, row) => sum + row, 0)) / rows.length }
}
