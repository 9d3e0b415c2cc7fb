import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { experimentKind } from '../../../../src/core/experiment/kind'
import type { Experiment } from '../../../../src/core/study/experiment'
import { parseStudy } from '../../../../src/core/study/study'
import { sha256Of } from '../../../../src/main/engine/study/file'
import type { FakeTrainer } from '../fake-trainer'
import { config, engineFolder, value } from '../engine-set-up'
import type { TestEngine } from '../engine-set-up'

const { folder, images, setUp } = engineFolder()

/** seed 0 first, then 1, … up to as many as are asked for: each is planned after the one before */
const STEPS = experimentKind({
  id: 'steps',
  name: 'Steps',
  question: 'What comes after?',
  ask: z.strictObject({ steps: z.number().int().min(1) }),
  choices: () => [{ id: 'unit' }],
  plan({ steps }, _facts, runs) {
    const ended = runs.filter(({ status }) => status === 'finished').length
    return Array.from({ length: Math.min(steps, ended + 1) }, (_, seed) => ({ ...config, seed }))
  },
  outcome: () => ({ sentence: '', figures: [], tables: [], notes: [], data: null })
})

async function opened(kept: string): Promise<TestEngine> {
  const test = setUp(kept, { kinds: [STEPS] })
  await value(test.engine.openDataset({ paths: [images] }))
  return test
}

const ask = (test: TestEngine, steps: number, name?: string) =>
  value(test.engine.startExperiment({ kind: 'steps', ask: { steps }, ...(name && { name }) }))
const list = (test: TestEngine): Promise<readonly Experiment[]> =>
  value(test.engine.experiments({}))

/** until a run is under way, and its trainer has been given it */
function underWay(test: TestEngine): Promise<FakeTrainer> {
  const given = async (): Promise<FakeTrainer> => {
    const run = (await test.runs()).find((each) => each.status === 'running')
    const trainer = test.trainers.find(({ heard }) =>
      heard.some((message) => message.type === 'train' && message.request.id === run?.id)
    )
    if (!trainer) throw new Error('No run is under way.')
    return trainer
  }
  return vi.waitFor(given, { timeout: 5000, interval: 2 })
}

/** ends each run as it is given, until so many have ended */
async function train(
  test: TestEngine,
  count: number,
  status: 'finished' | 'failed' = 'finished'
): Promise<void> {
  for (let done = 0; done < count; done++) (await underWay(test)).end(status)
}

describe('an experiment in the engine', () => {
  it('trains what is planned, and what is planned after that, until nothing is new', async () => {
    const test = await opened('planned')
    expect(await ask(test, 3)).toMatchObject({ queued: 1 })
    await train(test, 3)
    expect(await test.statuses()).toEqual(['finished', 'finished', 'finished'])
    const [experiment] = await list(test)
    expect(experiment).toMatchObject({
      ...{ name: 'Steps', kind: 'steps', ask: { steps: 3 }, datasetName: 'images' },
      facts: { features: 4, classes: 3, trainCount: 12, testCount: 6 }
    })
    expect(experiment?.runIds).toEqual((await test.runs()).map(({ id }) => id))
    const told = test.events.filter(([name]) => name === 'experimentChanged')
    expect(told.at(-1)?.[1]).toEqual(experiment)
  })

  it('uses finished runs again: a further step costs only what is new', async () => {
    const test = await opened('again')
    const first = await ask(test, 2)
    await train(test, 2)
    const second = await ask(test, 3)
    expect(second.id).not.toBe(first.id)
    expect(second.queued).toBe(1)
    await train(test, 1)
    const [newest] = (await list(test)).filter(({ id }) => id === second.id)
    expect(newest?.runIds).toHaveLength(3)
    expect(await test.runs()).toHaveLength(3)
  })

  it('the same ask goes on with what is there: nothing where all is, what is lacking after a failure', async () => {
    const test = await opened('same')
    const first = await ask(test, 2)
    await train(test, 1)
    await train(test, 1, 'failed')
    expect(await test.statuses()).toEqual(['finished', 'failed'])
    expect(await ask(test, 2)).toEqual({ id: first.id, queued: 1 })
    await train(test, 1)
    expect(await ask(test, 2)).toEqual({ id: first.id, queued: 0 })
    expect(await list(test)).toHaveLength(1)
    expect((await test.runs()).map(({ status }) => status)).toEqual([
      'finished',
      'failed',
      'finished'
    ])
  })

  it('refuses a kind that is not there, and an ask that is none', async () => {
    const test = await opened('refused')
    const start = test.engine.startExperiment
    expect(await start({ kind: 'none', ask: {} })).toMatchObject({
      error: { code: 'unknown-kind' }
    })
    expect(await start({ kind: 'steps', ask: { steps: 0 } })).toMatchObject({
      error: { code: 'bad-ask' }
    })
    expect(await list(test)).toEqual([])
  })

  it('that is cancelled ends its runs and plans no more, also when all runs are cancelled', async () => {
    const test = await opened('cancelled')
    const { id } = await ask(test, 3)
    const trainer = await underWay(test)
    await value(test.engine.cancelExperiment({ id }))
    trainer.end('cancelled')
    expect(await test.statuses()).toEqual(['cancelled'])
    expect((await list(test))[0]).toMatchObject({ id, cancelled: true })
    // who asks again goes on
    expect(await ask(test, 3)).toEqual({ id, queued: 1 })
    expect((await list(test))[0]?.cancelled).toBeUndefined()
    await value(test.engine.cancelAll({}))
    test.trainers[0]!.end('cancelled')
    await vi.waitFor(async () => expect(await test.statuses()).toEqual(['cancelled', 'cancelled']))
  })

  it('every run belongs to one, also those queued by themselves, which are always trained', async () => {
    const test = await opened('enqueued')
    const { ids, groupId } = await value(test.engine.enqueue({ configs: [config, config] }))
    expect(await list(test)).toMatchObject([
      { id: groupId, kind: 'training', name: '[0, 1], one seed', runIds: ids }
    ])
  })
})

describe('experiments that are kept', () => {
  it('come back after a restart, with their names, and go on where they were asked again', async () => {
    const before = await opened('kept')
    const { id } = await ask(before, 2, 'My steps')
    await train(before, 2)
    await value(before.engine.renameExperiment({ id, name: '  Two steps ' }))
    await before.shell.close()

    const after = await opened('kept')
    const [experiment] = await list(after)
    expect(experiment).toMatchObject({ id, name: 'Two steps', ask: { steps: 2 } })
    expect(experiment?.runIds).toHaveLength(2)
    expect(await ask(after, 3)).toMatchObject({ queued: 1 })
  })

  it('are made of runs that an older version kept: as they were queued together', async () => {
    const before = setUp('older')
    await value(before.engine.openDataset({ paths: [images] }))
    const { groupId, ids } = await value(before.engine.enqueue({ configs: [config] }))
    await train(before, 1)
    await before.shell.close()
    // that version kept no experiments
    rmSync(join(folder, 'older', 'experiments'), { recursive: true })

    const after = await opened('older')
    await vi.waitFor(async () =>
      expect(await list(after)).toMatchObject([
        { id: groupId, kind: 'training', runIds: ids, ask: { configs: [config] } }
      ])
    )
  })

  it('are deleted with the runs that no other one has, and brought back', async () => {
    const test = await opened('deleted')
    const { id: two } = await ask(test, 2)
    await train(test, 2)
    const { id: three } = await ask(test, 3)
    await train(test, 1)
    await value(test.engine.removeExperiments({ ids: [three] }))
    expect((await list(test)).map(({ id }) => id)).toEqual([two])
    expect(await test.runs()).toHaveLength(2)
    await value(test.engine.restoreExperiments({}))
    expect((await list(test)).map(({ id }) => id)).toEqual([two, three])
    expect(await test.runs()).toHaveLength(3)
    // what is under way is cancelled first
    await ask(test, 4)
    const trainer = await underWay(test)
    const all = (await list(test)).map(({ id }) => id)
    const removed = value(test.engine.removeExperiments({ ids: all }))
    await vi.waitFor(() => expect(trainer.heard.at(-1)).toMatchObject({ type: 'cancel' }))
    trainer.end('cancelled')
    await removed
    expect(await test.runs()).toEqual([])
    await test.shell.close()
    expect(await list(await opened('deleted'))).toEqual([])
  })

  it('lose a run that is removed alone, go with their last one, and get it back', async () => {
    const test = await opened('lose')
    await ask(test, 2)
    await train(test, 2)
    const before = await list(test)
    const [first, second] = (await test.runs()).map(({ id }) => id) as [string, string]
    await value(test.engine.removeRuns({ ids: [first] }))
    expect((await list(test))[0]?.runIds).toEqual([second])
    await value(test.engine.restoreRuns({}))
    expect(await list(test)).toEqual(before)
    await value(test.engine.removeRuns({ ids: [first, second] }))
    expect(await list(test)).toEqual([])
    expect(test.events).toContainEqual(['experimentsRemoved', { ids: [before[0]!.id] }])
    await value(test.engine.restoreRuns({}))
    expect(await list(test)).toEqual(before)
  })

  it('stand in the study file with their ended runs, and come with it to another folder', async () => {
    const test = await opened('written')
    const { id } = await ask(test, 2)
    await train(test, 1)
    await underWay(test)
    const { text } = await value(test.engine.studyFile({ choices: [], configs: [] }))
    const study = parseStudy(text, sha256Of)
    const [ended] = (await test.runs()).map((run) => run.id)
    expect(study.experiments).toMatchObject([{ id, kind: 'steps', runIds: [ended] }])
    // the hash is over results alone: files without experiments keep theirs
    const { experiments: _, ...rest } = JSON.parse(text) as Record<string, unknown>
    expect(parseStudy(JSON.stringify(rest), sha256Of).reproducible).toBe(study.reproducible)

    const other = await opened('read')
    await value(other.engine.openStudy({ name: 'a study', text }))
    expect(await list(other)).toMatchObject([{ id, ask: { steps: 2 }, runIds: [ended] }])
    const older = await opened('read older')
    await value(older.engine.openStudy({ name: 'a study', text: JSON.stringify(rest) }))
    expect(await list(older)).toMatchObject([{ kind: 'training', runIds: [ended] }])
  })

  it('go on after the engine was lost: what waited is trained, and what is planned after it', async () => {
    const lost = await opened('lost')
    await ask(lost, 3)
    const trainer = await underWay(lost)
    const { ids } = await value(lost.engine.enqueue({ configs: [{ ...config, seed: 9 }] }))
    trainer.end()
    await lost.given(0, ids[0]!)
    expect(await lost.statuses()).toEqual(['finished', 'running', 'queued'])
    // no close: as after kill -9, the journal is all that is left
    const next = setUp('lost', { kinds: [STEPS] })
    await next.shell.openFirst(undefined, { resume: true })
    await train(next, 3)
    const [steps] = await list(next)
    const runs = (await next.runs()).filter(({ id }) => steps?.runIds.includes(id))
    expect(runs.map(({ status, config: { seed } }) => [seed, status])).toEqual([
      [0, 'finished'],
      [1, 'finished'],
      [2, 'finished']
    ])
  })
})
