import { describe, expect, it } from 'vitest'
import { elsewhere } from '../../../src/core/format/opened'
import type { OpenedSplit } from '../../../src/core/format/opened'

async function listOf<T>(items: AsyncIterable<T> | undefined): Promise<T[] | undefined> {
  if (items === undefined) return undefined
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

/** Two images of 2 by 1 pixels that lie in a file; it answers for itself, as a class does. */
class Shard implements OpenedSplit {
  readonly height = 2
  readonly width = 1
  readonly minType = 'uint8'
  readonly inPlace = { path: '/shard', offset: 0, count: 2, channels: 1 }
  private readonly values = Uint8Array.of(1, 2, 3, 4)

  async *chunks() {
    await Promise.resolve()
    yield { values: this.values, channels: 1 }
  }

  async *sizes() {
    await Promise.resolve()
    yield { file: this.inPlace.path, height: this.height, width: this.width }
  }

  labels(images: number) {
    return Promise.resolve(this.values.subarray(0, images))
  }
}

describe('a split of a file that does not stay as it is', () => {
  it('is copied, and gives what the split gives', async () => {
    const copied = elsewhere(new Shard())
    expect(copied.inPlace).toBeUndefined()
    expect([copied.height, copied.width, copied.minType]).toEqual([2, 1, 'uint8'])
    expect(await listOf(copied.chunks())).toEqual([
      { values: Uint8Array.of(1, 2, 3, 4), channels: 1 }
    ])
    expect(await listOf(copied.sizes?.())).toEqual([{ file: '/shard', height: 2, width: 1 }])
    expect(await copied.labels?.(2)).toEqual(Uint8Array.of(1, 2))
  })

  it('has no sizes and no labels where the split has none', () => {
    const { height, width, minType } = new Shard()
    const chunks = () => new Shard().chunks()
    const copied = elsewhere({ height, width, minType, chunks })
    expect(copied.sizes).toBeUndefined()
    expect(copied.labels).toBeUndefined()
  })
})
