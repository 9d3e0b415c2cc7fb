import { expect, it } from 'vitest'
import { BackOff } from '../../../src/main/shell/back-off'

it('starts again at once after a first end, and waits longer and longer in a crash loop', () => {
  const backOff = new BackOff(() => 0)
  expect(Array.from({ length: 10 }, () => backOff.next())).toEqual([
    0, 0, 250, 500, 1000, 2000, 4000, 8000, 8000, 8000
  ])
})

it('forgets ends that are long past', () => {
  let now = 0
  const backOff = new BackOff(() => now, 30_000)
  for (let at = 0; at < 5; at++) backOff.next()
  now = 30_000
  expect(backOff.next()).toBe(0)
})
