import { expect, it } from 'vitest'
import { CHANNELS } from '../../src/contract/bridge'

it('Every channel between window and main process has a name of its own', () => {
  const names = Object.values(CHANNELS)
  expect(new Set(names).size).toBe(names.length)
})
