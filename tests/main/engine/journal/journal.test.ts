import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { RunConfig } from '../../../../src/core/network/config'
import type { EpochRecord } from '../../../../src/core/study/run'
import { processFacts } from '../../../../src/main/engine/journal/owner'
import { config, engineFolder, value } from '../engine-set-up'
import type { TestEngine } from '../engine-set-up'

const { folder, images, setUp } = engineFolder()

const epochRecord = (epoch: number, bins = 1): EpochRecord => ({
  ...{ epoch, trainLoss: 1 / (epoch + 1), trainAccuracy: 0.5, zeroGradientFraction: 0 },
  ...{ gradientNorms: [1, 2], seconds: 0.1, layers: [layer(bins)] }
})

const layer = (bins: number): EpochRecord['layers'][number] => ({
  units: bins,
  saturation: Array.from({ length: bins }, (_, at) => at / bins),
  preactivation: { mean: 0, std: 1, min: -1, max: 1, counts: [1] }
})

/** Queues runs and waits until the first of them trains. */
async function train(of: TestEngine, configs: RunConfig[] = [config]): Promise<readonly string[]> {
  await value(of.engine.openDataset({ paths: [images] }))
  const { ids } = await value(of.engine.enqueue({ configs }))
  await of.given(0, ids[0]!)
  return ids
}

const files = (kept: string): string[] => readdirSync(join(folder, kept, 'runs')).sort()

const bytesWritten = (): number =>
  Number(/^wchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))![1])

describe('a folder that cannot be written', () => {
  it('costs no run: it is said once, and again when runs are kept again', async () => {
    const blocked = join(folder, 'blocked')
    writeFileSync(blocked, 'a file in the place of the folder')
    const first = setUp('blocked', { journal: { retryMs: 5 } })
    const [id] = await train(first)
    for (let epoch = 0; epoch < 3; epoch++) {
      first.trainers[0]!.tell({ type: 'epoch', id: id!, record: epochRecord(epoch) })
    }
    expect(await first.statuses()).toEqual(['running'])
    const problem = await vi.waitFor(async () => {
      const { journal } = await value(first.engine.status({}))
      expect(journal.problem).toMatchObject({ code: 'runs-not-kept', path: blocked })
      return journal.problem!
    })
    expect(problem.message).toContain('move that file away')
    const told = (words: RegExp) => first.notices().filter(({ message }) => words.test(message))
    expect(told(/cannot be kept/)).toHaveLength(1)
    rmSync(blocked)
    await vi.waitFor(() => expect(told(/kept again/)).toHaveLength(1))
    expect((await value(first.engine.status({}))).journal.problem).toBeUndefined()
    first.trainers[0]!.tell({ type: 'epoch', id: id!, record: epochRecord(3) })
    first.trainers[0]!.end()
    await first.shell.close()
    const [kept] = await setUp('blocked').runs()
    expect(kept).toMatchObject({ id, status: 'finished' })
    expect(kept!.epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3])
  })
})

describe('the file of a run', () => {
  it.skipIf(process.platform !== 'linux')(
    'grows by what is new, however many epochs there were',
    async () => {
      const first = setUp('long')
      const [id] = await train(first)
      const before = bytesWritten()
      for (let epoch = 0; epoch < 400; epoch++) {
        first.trainers[0]!.tell({ type: 'epoch', id: id!, record: epochRecord(epoch, 200) })
        if (epoch % 10 === 9) await new Promise((resolve) => setImmediate(resolve))
      }
      first.trainers[0]!.end()
      await first.shell.close()
      const written = bytesWritten() - before
      const size = readFileSync(join(folder, 'long', 'runs', files('long')[0]!)).length
      expect(size).toBeGreaterThan(400 * 200)
      // the whole of it at each epoch would be 200 times as much
      expect(written).toBeLessThan(3 * size)
      expect((await setUp('long').runs())[0]!.epochs).toHaveLength(400)
    }
  )

  it('is read up to a last line that was torn', async () => {
    const first = setUp('torn')
    const [id] = await train(first)
    first.trainers[0]!.tell({ type: 'epoch', id: id!, record: epochRecord(0) })
    first.trainers[0]!.end()
    await first.shell.close()
    appendFileSync(join(folder, 'torn', 'runs', files('torn')[0]!), '{"epoch":{"epoch":1,"tr')
    const second = setUp('torn')
    expect(await second.runs()).toMatchObject([{ id, status: 'finished', epochs: [{ epoch: 0 }] }])
    expect(second.notices()).toEqual([])
  })

  it('is appended to behind what a kill cut off, never written anew', async () => {
    const first = setUp('appended')
    const [id] = await train(first)
    first.trainers[0]!.tell({ type: 'epoch', id: id!, record: epochRecord(0) })
    const file = join(folder, 'appended', 'runs', `${id}.jsonl`)
    await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toContain('"epoch":0'))
    const whole = readFileSync(file, 'utf8')
    appendFileSync(file, '{"epoch":{"epoch":1,"tr')
    const { ino } = statSync(file)
    // no close: as after kill -9
    const second = setUp('appended')
    await second.shell.openFirst(undefined, { resume: true })
    await second.given(0, id!)
    const probe = { split: 'test', count: 6, seed: 1 } as const
    const epochs = [epochRecord(0)]
    second.trainers[0]!.tell({
      ...{ type: 'started', id: id!, trainCount: 30, testCount: 9 },
      ...{ probe, epochs }
    })
    second.trainers[0]!.tell({ type: 'epoch', id: id!, record: epochRecord(1) })
    second.trainers[0]!.end()
    await second.shell.close()
    expect(readFileSync(file, 'utf8').startsWith(whole)).toBe(true)
    expect(statSync(file).ino).toBe(ino)
    const [kept] = await setUp('appended').runs()
    expect(kept).toMatchObject({ status: 'finished', epochs: [{ epoch: 0 }, { epoch: 1 }] })
  })

  it('is left without what atomic writes had not finished, and without states of other runs', async () => {
    const kept = join(folder, 'left')
    for (const name of ['runs', 'weights', 'checkpoints']) {
      mkdirSync(join(kept, name), { recursive: true })
    }
    const left = [
      'recent.json.123',
      'owner.json.4194304',
      'runs/a.jsonl.77',
      'weights/a.float32.8',
      'checkpoints/a.checkpoint.9',
      'checkpoints/ended.checkpoint'
    ]
    const stays = ['runs/b.jsonl.damaged', 'checkpoints/a.checkpoint.damaged', 'notes.txt.123']
    for (const name of [...left, ...stays]) writeFileSync(join(kept, name), 'half')
    const first = setUp('left')
    await first.runs()
    await first.shell.close()
    expect([...left, ...stays].filter((name) => existsSync(join(kept, name)))).toEqual(stays)
    expect(first.notices()).toEqual([])
  })

  it('is set aside when it is damaged, and named, but never deleted', async () => {
    const first = setUp('damaged')
    await train(first)
    await first.shell.close()
    const runs = join(folder, 'damaged', 'runs')
    writeFileSync(join(runs, 'other.json'), '{"id":"other"}')
    writeFileSync(join(runs, 'middle.jsonl'), '{"run":{}}\nnothing\n{"epoch":1}\n')
    const second = setUp('damaged')
    expect(await second.runs()).toHaveLength(1)
    expect(files('damaged').filter((name) => name.endsWith('.damaged'))).toEqual([
      'middle.jsonl.damaged',
      'other.json.damaged'
    ])
    const [notice] = second.notices()
    expect(notice).toMatchObject({ level: 'warning', error: { code: 'damaged-journal' } })
    for (const name of ['middle.jsonl.damaged', 'other.json.damaged']) {
      expect(notice!.message).toContain(join(runs, name))
    }
    await second.shell.close()
    const third = setUp('damaged')
    expect(await third.runs()).toHaveLength(1)
    expect(third.notices()).toEqual([])
  })

  it('of 0.1.0 is still read, and removed with its run', async () => {
    const first = setUp('old-file')
    await train(first)
    const [record] = await first.runs()
    await first.shell.close()
    const old = { ...record!, id: 'old', status: 'finished', endedAt: 3 }
    writeFileSync(join(folder, 'old-file', 'runs', 'old.json'), JSON.stringify(old))
    const second = setUp('old-file')
    expect((await second.runs()).map(({ id }) => id)).toContain('old')
    await second.engine.removeRuns({ ids: ['old'] })
    expect(files('old-file')).not.toContain('old.json')
  })

  it('is deleted when newer ones fill the limit, and windows are told', async () => {
    const first = setUp('pruned', { journal: { limits: { runs: 2, bytes: 1e9 } } })
    const ids = await train(
      first,
      [0, 1, 2].map((seed) => ({ ...config, seed }))
    )
    for (const id of ids) {
      await first.given(0, id)
      first.trainers[0]!.end()
    }
    await vi.waitFor(() => expect(first.events).toContainEqual(['runsRemoved', { ids: [ids[0]] }]))
    expect((await first.runs()).map(({ id }) => id)).toEqual(ids.slice(1))
    await first.shell.close()
    expect(files('pruned')).toHaveLength(2)
    expect((await value(first.engine.status({}))).journal.rule).toContain('newest 2 ended runs')
  })
})

describe('a run that waited and was paused', () => {
  it('is there again as it was, after a crash and after an ordinary start', async () => {
    for (const resume of [true, false]) {
      const kept = `paused-${resume}`
      const first = setUp(kept)
      const ids = await train(first, [config, { ...config, seed: 1 }])
      await first.engine.pauseRun({ id: ids[1]! })
      await vi.waitFor(() => {
        const texts = files(kept).map((name) =>
          readFileSync(join(folder, kept, 'runs', name), 'utf8')
        )
        expect(texts.join('')).toContain('"status":"paused"')
      })
      // no close: as after kill -9, the journal is all that is left
      const second = setUp(kept)
      await second.shell.openFirst(undefined, { resume })
      const states = new Map((await second.runs()).map(({ id, status }) => [id, status]))
      expect(states).toEqual(
        new Map([
          [ids[0], resume ? 'running' : 'paused'],
          [ids[1], 'paused']
        ])
      )
      if (resume) {
        await second.given(0, ids[0]!)
        second.trainers[0]!.end()
      }
      await second.engine.resumeRun({ id: ids[1]! })
      await vi.waitFor(() => expect(second.trainers.map(({ run }) => run)).toContain(ids[1]))
    }
  })
})

describe('runs that wait while all are paused', () => {
  it('stay paused after a crash', async () => {
    const first = setUp('held')
    const ids = await train(first, [config, { ...config, seed: 1 }])
    await first.engine.pauseAll({})
    first.trainers[0]!.tell({ type: 'paused', id: ids[0]! })
    const { ids: later } = await value(first.engine.enqueue({ configs: [{ ...config, seed: 2 }] }))
    const last = join(folder, 'held', 'runs', `${later[0]}.jsonl`)
    await vi.waitFor(() => expect(readdirSync(join(folder, 'held', 'runs'))).toHaveLength(3))
    await vi.waitFor(() => expect(readFileSync(last, 'utf8')).toContain('"status"'))
    const second = setUp('held')
    await second.shell.openFirst(undefined, { resume: true })
    const states = new Map((await second.runs()).map(({ id, status }) => [id, status]))
    expect(states).toEqual(
      new Map([
        [ids[0], 'paused'],
        [ids[1], 'paused'],
        [later[0], 'paused']
      ])
    )
    await second.engine.resumeAll({})
    await second.given(0, ids[0]!)
  })
})

describe('the data sets that were opened last', () => {
  it('are kept once the folder can be written again, with no run and no other opening', async () => {
    const blocked = join(folder, 'unremembered')
    writeFileSync(blocked, 'a file in the place of the folder')
    const first = setUp('unremembered', { journal: { retryMs: 5 } })
    await value(first.engine.openDataset({ paths: [images] }))
    expect(first.notices()).toMatchObject([{ error: { code: 'runs-not-kept' } }])
    rmSync(blocked)
    const kept = await vi.waitFor(() => readFileSync(join(blocked, 'recent.json'), 'utf8'))
    expect(JSON.parse(kept)).toMatchObject([{ paths: [images] }])
    await vi.waitFor(() => expect(first.notices().at(-1)?.message).toContain('kept again'))
  })
})

describe('the names of classes', () => {
  it('hold where they cannot be kept, and are kept when the folder can be written again', async () => {
    const blocked = join(folder, 'nameless')
    writeFileSync(blocked, 'a file in the place of the folder')
    const first = setUp('nameless', { journal: { retryMs: 5 } })
    const { id } = await value(first.engine.openDataset({ paths: [images] }))
    const names = ['cat', 'dog', 'owl']
    expect(await first.engine.nameClasses({ datasetId: id, names })).toMatchObject({ ok: true })
    expect((await value(first.engine.dataset({})))?.classNames).toEqual(names)
    expect((await value(first.engine.openDataset({ paths: [images] }))).classNames).toEqual(names)
    expect((await value(first.engine.status({}))).journal.problem?.message).toContain('class names')
    rmSync(blocked)
    await first.shell.close()
    const second = await value(setUp('nameless').engine.openDataset({ paths: [images] }))
    expect(second.classNames).toEqual(names)
  })

  it('are set aside when their file is damaged, and it is said', async () => {
    mkdirSync(join(folder, 'torn-names'), { recursive: true })
    const file = join(folder, 'torn-names', 'class-names.json')
    writeFileSync(file, '{"images": ["cat"')
    const first = setUp('torn-names')
    const { classNames } = await value(first.engine.openDataset({ paths: [images] }))
    expect(classNames).toEqual(['0', '1', '2'])
    expect(first.notices()).toMatchObject([{ error: { code: 'damaged-journal' } }])
    expect(readFileSync(`${file}.damaged`, 'utf8')).toBe('{"images": ["cat"')
  })
})

describe('a folder that another process owns', () => {
  /** The process that runs this one: alive, and another. */
  const owner = processFacts(process.ppid)

  function ownedBy(kept: string, facts: object): void {
    mkdirSync(join(folder, kept), { recursive: true })
    writeFileSync(join(folder, kept, 'owner.json'), JSON.stringify(facts))
  }

  it('is left as it is, and it is said that runs are not kept', async () => {
    const first = setUp('owned')
    const ids = await train(first, [config, { ...config, seed: 1 }])
    first.trainers[0]!.end()
    await first.given(0, ids[1]!)
    ownedBy('owned', owner)
    const before = files('owned')
    const second = setUp('owned')
    // the run that is under way is the other's
    expect(await second.statuses()).toEqual(['finished'])
    expect(second.notices()[0]).toMatchObject({ error: { code: 'folder-in-use' } })
    expect((await value(second.engine.status({}))).journal.problem?.message).toContain(
      `process ${owner.pid}`
    )
    const mine = await train(second)
    second.trainers[0]!.end()
    await vi.waitFor(async () => expect(await second.statuses()).toEqual(['finished', 'finished']))
    await second.shell.close()
    expect(files('owned')).toEqual(before)
    expect(before.join()).not.toContain(mine[0])
    expect(JSON.parse(readFileSync(join(folder, 'owned', 'owner.json'), 'utf8'))).toEqual(owner)
  })

  it('keeps the names of classes that its owner gave', async () => {
    const kept = join(folder, 'owned-names')
    ownedBy('owned-names', owner)
    const second = setUp('owned-names')
    const { id } = await value(second.engine.openDataset({ paths: [images] }))
    await second.engine.nameClasses({ datasetId: id, names: ['cat', 'dog', 'owl'] })
    expect((await value(second.engine.dataset({})))?.classNames).toEqual(['cat', 'dog', 'owl'])
    await second.shell.close()
    expect(readdirSync(kept)).toEqual(['owner.json'])
  })

  it.each([
    ['has ended', { pid: 2 ** 22 + 1, started: 'long ago' }],
    ['has only the number of one that has ended', { ...owner, started: 'long ago' }],
    ['is unreadable', { nothing: true }]
  ])('is taken over where the owner %s', async (what, facts) => {
    if (what.startsWith('has only') && processFacts(process.ppid).started === undefined) return
    const kept = `stale ${what}`
    ownedBy(kept, facts)
    const { shell, notices, runs } = setUp(kept)
    await runs()
    expect(notices()).toEqual([])
    expect(JSON.parse(readFileSync(join(folder, kept, 'owner.json'), 'utf8'))).toMatchObject({
      pid: process.pid
    })
    await shell.close()
    expect(readdirSync(join(folder, kept))).not.toContain('owner.json')
  })
})
