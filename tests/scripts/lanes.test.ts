import { describe, expect, it } from 'vitest'
import { inLanes } from '../../scripts/testing/lanes.mjs'

interface Begun {
  readonly workers: number
  readonly end: (outcome: string) => Promise<void>
}

interface Kind {
  readonly timed?: boolean
  readonly calm?: boolean
}

/** Works by name, each of which goes on until the test ends it. */
function given(kinds: Readonly<Record<string, Kind>>, cores: number) {
  const begun: Record<string, Begun> = {}
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  const works = Object.entries(kinds).map(([name, kind]) => ({
    ...kind,
    run: (workers: number) =>
      new Promise<string>((resolve) => {
        const end = (outcome: string): Promise<void> => {
          delete begun[name]
          resolve(outcome)
          return settled()
        }
        begun[name] = { workers, end }
      })
  }))
  const outcomes = inLanes(works, cores) as Promise<string[]>
  const now = (): string[] => Object.keys(begun).sort()
  return { outcomes, now, end: (name: string) => begun[name]!.end(name), begun }
}

const STAGES = { lint: { calm: true }, unit: {}, training: {}, window: { timed: true }, cli: {} }

describe('lanes', () => {
  it('have a timed work with only calm ones beside it, then the others, two at a time', async () => {
    const { outcomes, now, end } = given({ ...STAGES, page: { calm: true } }, 2)
    expect(now()).toEqual(['lint', 'window'])
    await end('lint')
    expect(now()).toEqual(['page', 'window'])
    await end('page')
    expect(now()).toEqual(['window'])
    await end('window')
    expect(now()).toEqual(['training', 'unit'])
    await end('training')
    expect(now()).toEqual(['cli', 'unit'])
    await end('unit')
    await end('cli')
    expect(await outcomes).toEqual(['lint', 'unit', 'training', 'window', 'cli', 'page'])
  })

  it('begin nothing else while a second timed work waits', async () => {
    const { now, end } = given({ unit: {}, one: { timed: true }, two: { timed: true } }, 2)
    expect(now()).toEqual(['one'])
    await end('one')
    expect(now()).toEqual(['two'])
    await end('two')
    expect(now()).toEqual(['unit'])
  })

  it('share the cores, and leave all to what comes last', async () => {
    const { begun, end } = given(STAGES, 8)
    expect(begun.window!.workers).toBe(4)
    await end('window')
    await end('lint')
    expect(begun.unit!.workers).toBe(4)
    await end('training')
    expect(begun.cli!.workers).toBe(8)
  })

  it('are one where there is one core', async () => {
    const { now, end } = given(STAGES, 1)
    expect(now()).toEqual(['window'])
    await end('window')
    expect(now()).toEqual(['lint'])
  })

  it('end at once where there is nothing to do, and with the first that throws', async () => {
    expect(await inLanes([], 2)).toEqual([])
    const failing = { run: () => Promise.reject(new Error('no disk')) }
    await expect(inLanes([failing], 2)).rejects.toThrow('no disk')
  })
})
