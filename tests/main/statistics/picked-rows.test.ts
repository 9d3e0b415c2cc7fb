import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readRowsAt } from '../../../src/main/data/rows'
import { pickRows } from '../../../src/main/statistics/picked-rows'
import { idx } from '../../core/format/build'
import { folderOf, open } from '../data/helpers'

const [COUNT, SIZE] = [400, 28]

test.each([
  ['none', []],
  ['the first and the last', [0, COUNT - 1]],
  ['each', Array.from({ length: COUNT }, (_, row) => row)],
  ['every third', Array.from({ length: COUNT / 4 }, (_, at) => 3 * at)],
  ['those far from one another', [3, 4, 5, 27, 28, 60, 61, 350]],
  ['one more than once, and one before it', [9, 9, 7, 200, 2]]
])('a thread picks of the images %s, as others read them', async (_, places) => {
  const pixels = Uint8Array.from({ length: COUNT * SIZE * SIZE }, (_, at) => (at * at) % 251)
  const folder = folderOf({ 'a-images-idx3-ubyte': idx(0x08, [COUNT, SIZE, SIZE], pixels) })
  const dataset = await open(join(folder, 'a-images-idx3-ubyte'))
  const rows = Int32Array.from(places)
  const into = new Uint8Array(rows.length * SIZE * SIZE)
  let room = new Uint8Array()
  pickRows(dataset, 'train', rows, into, (bytes) => (room = new Uint8Array(bytes)))
  const others = (await readRowsAt(dataset, 'train', rows)) as Uint8Array
  // quicker than a look at each value by the test's own means
  expect(Buffer.from(into).equals(others)).toBe(true)
  expect(room.length).toBeLessThanOrEqual(1 << 19)
})
