import { describe, expect, it } from 'vitest'
import type { Dataset } from '../../../../src/core/dataset/dataset'
import { OpenSet } from '../../../../src/main/engine/dataset/open-set'

describe('what is remembered of the open data set', () => {
  it('is made once while it is asked for, and forgotten when much else was asked for since', async () => {
    const set = new OpenSet({} as Dataset)
    const made: string[] = []
    const ask = (key: string): Promise<string> =>
      set.remember(key, async () => {
        made.push(key)
        return key
      })
    for (let at = 0; at < 1000; at++) {
      await ask('often')
      await ask(`custom ${at}`)
    }
    expect(made.filter((key) => key === 'often')).toHaveLength(1)
    expect(made).toHaveLength(1001)
    await ask('custom 999')
    expect(made).toHaveLength(1001)
    await ask('custom 0')
    expect(made).toHaveLength(1002)
  })
})
