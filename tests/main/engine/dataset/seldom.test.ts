import { afterEach, expect, test, vi } from 'vitest'
import { seldom } from '../../../../src/main/engine/dataset/seldom'

afterEach(() => vi.useRealTimers())

test('tells of each stage at once, and then ten times a second at most', () => {
  vi.useFakeTimers()
  const told: string[] = []
  const tell = seldom((stage, fraction) => told.push(`${stage} ${fraction}`))
  for (let ms = 0; ms < 250; ms += 10) {
    tell('Reading files', ms)
    vi.advanceTimersByTime(10)
  }
  tell('Reading images', 0)
  tell('Reading images', 1)
  expect(told).toEqual([
    'Reading files 0',
    'Reading files 100',
    'Reading files 200',
    'Reading images 0'
  ])
})
