import { expect, it } from 'vitest'
import { heldRuns, said } from '../../../../src/main/engine/runs/said'

it('runs that an app left are counted, and it is said how they go on', () => {
  expect(heldRuns(1)).toBe(
    'Normscope ended before a run did. It is paused; Resume all goes on from the end of the last epoch.'
  )
  expect(heldRuns(3)).toMatch(/^Normscope ended before 3 runs did. They are paused;/)
})

it('a state that cannot be kept is a warning with the system’s error', () => {
  const error = { code: 'disk-full', message: 'There is no room left.' }
  expect(said({ type: 'not-kept', id: 'a', error })).toEqual([
    {
      level: 'warning',
      message: expect.stringContaining('no room left. It trains on') as string,
      error
    }
  ])
})

it('a kept state that is damaged is named, and nothing else of a start is said', () => {
  const started = {
    ...({ type: 'started', id: 'a', trainCount: 1, testCount: 1 } as const),
    probe: { split: 'test', count: 1, seed: 0 }
  } as const
  expect(said(started)).toEqual([])
  const [notice] = said({ ...started, damaged: '/runs/a.damaged' })
  expect(notice).toMatchObject({
    level: 'warning',
    error: { code: 'damaged-checkpoint', path: '/runs/a.damaged' }
  })
  expect(notice!.message).toContain('set aside: /runs/a.damaged. The run starts again')
})
