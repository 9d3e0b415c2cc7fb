import { describe, expect, test } from 'vitest'
import { judged } from '../soak/flat'

const memory = { name: 'memory', unit: 'MB', share: 0.1, amount: 16 }
const handles = { name: 'handles', share: 0, amount: 4 }

describe('what a soak watches is flat', () => {
  test('where it rises at first and then stays, whatever single samples do', () => {
    const samples = [
      100, 200, 300, 400, 400, 390, 410, 400, 400, 405, 395, 400, 9000, 400, 401, 402
    ]
    expect(judged(memory, samples)).toMatchObject({ early: 400, late: 401.5, flat: true })
  })

  test('up to the share and the amount that it may rise, and no further', () => {
    const rising = (late: number) => [...Array(9).fill(100), ...Array(3).fill(late)] as number[]
    expect(judged(memory, rising(126)).flat).toBe(true)
    expect(judged(memory, rising(126.1)).flat).toBe(false)
    expect(judged(handles, rising(104)).flat).toBe(true)
    expect(judged(handles, rising(105)).flat).toBe(false)
  })

  test('not where a little is lost each time', () => {
    const samples = Array.from({ length: 40 }, (_, at) => 100 + 3 * at)
    expect(judged(memory, samples)).toMatchObject({ early: 143.5, late: 203.5, flat: false })
  })

  test('is not said of too few samples', () => {
    expect(() => judged(memory, [1, 2, 3])).toThrow('3 samples of memory; 12 at least')
  })
})
