import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createRandom } from '../../../../src/core/random'
import { openDataset } from '../../../../src/main/data/open'
import { Counting } from '../../../../src/main/engine/dataset/counting'
import { OpenSet } from '../../../../src/main/engine/dataset/open-set'
import { distributionOf } from '../../../../src/main/engine/figures/distributions'
import { factsOf } from '../../data/helpers'

const folder = mkdtempSync(join(tmpdir(), 'normscope-counting-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Random bytes, so many images that whitening them is work for threads. */
async function randomSet(): Promise<OpenSet> {
  const [count, size] = [120, 12]
  const random = createRandom(3)
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${count}, ${size}, ${size}), }`
  const head = Buffer.from(`\x93NUMPY\x01\x00v\x00${header.padEnd(117)}\n`, 'latin1')
  const values = Uint8Array.from({ length: count * size * size }, () => 256 * random.uniform())
  const path = join(folder, 'images.npy')
  writeFileSync(path, Buffer.concat([head, values]))
  return new OpenSet(await openDataset(path, { store: { folder: join(folder, 'store') } }))
}

test('what is computed for a window is told by stages, ends when it is cancelled, and can be had again', async () => {
  const set = await randomSet()
  const told: { stage: string; fraction?: number }[] = []
  let cancels = true
  const counting = new Counting({
    countingProgress(progress) {
      told.push(progress)
      if (cancels) counting.cancel()
    }
  })
  const whitened = () => counting.of(() => distributionOf(set, { id: 'whitened' }, 'train'))
  const [one, other] = await Promise.all([factsOf(whitened), factsOf(whitened)])
  expect([one.code, other.code]).toEqual(['cancelled', 'cancelled'])
  // nothing is told of what was cancelled
  expect(told).toHaveLength(1)
  cancels = false
  const { counts } = await whitened()
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(120 * 144)
  expect(told.map(({ stage }) => stage)).toContain('Whitening images')
  for (const { fraction } of told) {
    expect(fraction).toBeGreaterThan(0)
    expect(fraction).toBeLessThanOrEqual(1)
  }
})
