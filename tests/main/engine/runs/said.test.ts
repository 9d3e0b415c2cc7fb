import { expect, it } from 'vitest'
import { leftRuns, said } from '../../../../src/main/engine/runs/said'

it('runs that an app left are counted, and it is said how they go on', () => {
  const one =
    'Normscope ended before a run did. It is paused; Resume all goes on from the end of the last epoch.'
  expect(leftRuns({ held: 1, atCluster: 0 })).toEqual([{ level: 'warning', message: one }])
  const [held, atCluster] = leftRuns({ held: 3, atCluster: 2 })
  expect(held!.message).toMatch(/^Normscope ended before 3 runs did. They are paused;/)
  expect(atCluster).toEqual({
    level: 'info',
    message:
      '2 runs that are at the cluster went on while Normscope was closed, and are taken up again.'
  })
  expect(leftRuns({ held: 0, atCluster: 0 })).toEqual([])
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
