import { describe, expect, it } from 'vitest'
import { engines } from '../../package.json'
import { targetsFor } from '../../scripts/setup/targets.mjs'

interface Targets {
  readonly node: string
  readonly chrome: string
}
const of = (electron?: object): Targets => targetsFor(electron) as Targets

describe('the targets of the build', () => {
  it('are what Electron 22 has, where it stands in', () => {
    // process.versions of Electron 22.3.25: Node 16.17.1, Chrome 108
    expect(of({ version: '22.3.25', substitute: true })).toEqual({
      node: 'node16.17',
      chrome: 'chrome108'
    })
  })
  it('are of today for the pinned Electron, and without one', () => {
    const today = of({ version: '45.4.1' })
    expect(`>=${today.node.slice('node'.length)}`).toBe(engines.node)
    expect(Number(today.chrome.slice('chrome'.length))).toBeGreaterThan(108)
    expect(of()).toEqual(today)
  })
})
