import { expect, it } from 'vitest'
import { FakeEngine } from './fixtures/fake-engine'
import { runRecord } from './fixtures/runs'
import { openWindow } from './fixtures/window'

it('changes of runs that come before the list of runs are not lost to it, and pictures do not wait for it', async () => {
  const engine = new FakeEngine()
  const [paused, removed] = ['paused', 'removed'].map((id) =>
    runRecord({ id, status: 'running' }, [])
  )
  let answer = (): void => undefined
  const held = new Promise<void>((resolve) => (answer = resolve))
  engine.runs = [paused!, removed!]
  engine.hold = (method) => (method === 'runs' ? held : undefined)
  const { workbench } = await openWindow(engine, { view: 'images' })
  await expect.poll(() => workbench.dataset).toBeDefined()

  engine.events!.runChanged({ ...paused!, status: 'paused' })
  engine.events!.runsRemoved({ ids: ['removed'] })
  answer()

  await expect
    .poll(() => workbench.runs.list.map(({ id, status }) => [id, status]))
    .toEqual([['paused', 'paused']])
})
