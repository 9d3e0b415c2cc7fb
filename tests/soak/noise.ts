import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRandom } from '../../src/core/random'

const SIDE = 28

/** A folder of four IDX files: noise of 28 x 28 bytes in ten classes, a sixth as many test images. */
export function writeNoise(folder: string, train: number, seed: number): void {
  mkdirSync(folder, { recursive: true })
  const random = createRandom(seed, 'noise')
  for (const [prefix, count] of [
    ['train', train],
    ['t10k', Math.floor(train / 6)]
  ] as const) {
    const pixels = Buffer.alloc(16 + count * SIDE * SIDE)
    pixels.set([0, 0, 8, 3], 0)
    ;[count, SIDE, SIDE].forEach((size, at) => pixels.writeUInt32BE(size, 4 + 4 * at))
    for (let at = 16; at < pixels.length; at++) pixels[at] = random.integer(256)
    const labels = Buffer.alloc(8 + count)
    labels.set([0, 0, 8, 1], 0)
    labels.writeUInt32BE(count, 4)
    for (let at = 8; at < labels.length; at++) labels[at] = random.integer(10)
    writeFileSync(join(folder, `${prefix}-images-idx3-ubyte`), pixels)
    writeFileSync(join(folder, `${prefix}-labels-idx1-ubyte`), labels)
  }
}
