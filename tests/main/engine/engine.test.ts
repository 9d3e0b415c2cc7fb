import { copyFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import { drawProbe } from '../../../src/core/dataset/draw'
import { startWeights } from '../../start-weights'
import { config, engineFolder, value } from './engine-set-up'
import { smallRows } from './small-images'

const { folder, images, setUp } = engineFolder()

describe('the engine', () => {
  it('says that nothing is open before something is', async () => {
    const { engine } = setUp('empty')
    expect(await engine.thumbnails({ split: 'train', indices: new Uint32Array(1) })).toMatchObject({
      ok: false,
      error: { code: 'no-dataset' }
    })
    expect(await engine.dataset({})).toEqual({ ok: true, value: undefined })
  })

  it('opens a data set, tells windows of it and remembers it', async () => {
    const { engine, events } = setUp('open')
    const dataset = await value(engine.openDataset({ paths: [images] }))
    expect(dataset).toMatchObject({ height: 2, width: 2, channels: 1, dtype: 'uint8' })
    expect(dataset.splits.train.count).toBe(12)
    const names = events.map(([name]) => name).filter((name) => name !== 'openProgress')
    expect(names.slice(0, 2)).toEqual(['datasetOpened', 'openEnded'])
    expect(await value(engine.recentDatasets({}))).toMatchObject([{ paths: [images] }])
    expect((await value(setUp('open').engine.recentDatasets({})))[0]?.paths).toEqual([images])
  })

  it('answers with the facts of a file that cannot be read, and tells windows', async () => {
    const { engine, events } = setUp('bad')
    const path = join(folder, 'not-there')
    const answer = await engine.openDataset({ paths: [path] })
    expect(answer.ok).toBe(false)
    expect(events.at(-1)).toEqual(['openEnded', { path, error: !answer.ok && answer.error }])
  })

  it('sorts and filters images by class, mean and std', async () => {
    const { engine } = setUp('indices')
    await engine.openDataset({ paths: [images] })
    const indices = async (input: object): Promise<number[]> => [
      ...(await value(
        engine.imageIndices({ split: 'test', sortBy: 'index', descending: false, ...input })
      ))
    ]
    expect(await indices({})).toEqual([0, 1, 2, 3, 4, 5])
    expect(await indices({ descending: true })).toEqual([5, 4, 3, 2, 1, 0])
    expect(await indices({ sortBy: 'class' })).toEqual([0, 3, 1, 4, 2, 5])
    expect(await indices({ sortBy: 'mean', descending: true })).toEqual([5, 4, 3, 2, 1, 0])
    expect(await indices({ classes: [2, 0] })).toEqual([0, 2, 3, 5])
    expect(await indices({ classes: [2, 0], most: 3 })).toEqual([0, 2, 3])
    expect(await indices({ descending: true, most: 2 })).toEqual([5, 4])
    expect(await indices({ sortBy: 'class', most: 3 })).toEqual([0, 3, 1])
    expect(await indices({ meanRange: [11.5, 31.5], most: 9 })).toEqual([1, 2, 3])
    // means are 10 i + 1.5
    expect(await indices({ meanRange: [11.5, 31.5] })).toEqual([1, 2, 3])
    // every std is sqrt(1.25)
    expect(await indices({ stdRange: [0, 1] })).toEqual([])
    expect(await indices({ stdRange: [1.118, 1.1181] })).toHaveLength(6)
  })

  it('gives a choice as code with the constants of the open set', async () => {
    const { engine } = setUp('code')
    await engine.openDataset({ paths: [images] })
    const code = (choice: 'unit' | 'centred') =>
      value(engine.choiceCode({ choice: { id: choice }, framework: 'numpy' }))
    expect(await code('unit')).toContain('return (x / 255.0)')
    // means of the images are 10 i + 1.5, i from 0 to 11
    expect(await code('centred')).toContain('return (x - 56.5)')
  })

  it('gives a network as a program, with the choice before it where told', async () => {
    const { engine } = setUp('network-code')
    await engine.openDataset({ paths: [images] })
    const program = (withChoice: boolean) =>
      value(engine.networkCode({ config: TUTORIAL_CONFIG, framework: 'keras', withChoice }))
    // the images have 2 x 2 values and 3 classes
    expect(await program(false)).toContain('# dense-128: 1,027 weights')
    expect(await program(false)).not.toContain('preprocess')
    expect(await program(true)).toContain('preprocess = keras.layers.Rescaling(1 / 255)')
    expect(await program(true)).toContain('layers.Dense(3)')
  })

  it('gives thumbnails in the order asked for, with labels and moments', async () => {
    const { engine } = setUp('thumbnails')
    await engine.openDataset({ paths: [images] })
    const shown = await value(engine.thumbnails({ split: 'train', indices: Uint32Array.of(11, 0) }))
    expect([...shown.pixels]).toEqual([110, 111, 112, 113, 0, 1, 2, 3])
    expect([...(shown.labels ?? [])]).toEqual([2, 0])
    expect([...shown.means]).toEqual([111.5, 1.5])
    expect(shown.stds[1]).toBeCloseTo(Math.sqrt(1.25), 12)
  })

  it('refuses an image past the end of its split', async () => {
    const { engine } = setUp('past')
    await engine.openDataset({ paths: [images] })
    for (const answer of [
      await engine.thumbnails({ split: 'test', indices: Uint32Array.of(6) }),
      await engine.image({ split: 'test', index: 6, choices: [{ id: 'raw' }] })
    ]) {
      expect(answer).toMatchObject({ ok: false, error: { code: 'no-such-image' } })
    }
  })

  it('shows images without labels, and says what training lacks', async () => {
    const { engine, runs } = setUp('unlabelled')
    const path = join(images, 'train-images-idx3-ubyte')
    const alone = mkdtempSync(join(folder, 'alone-'))
    copyFileSync(path, join(alone, 'train-images-idx3-ubyte'))
    const dataset = await value(engine.openDataset({ paths: [alone] }))
    expect(dataset.classNames).toEqual([])
    const all = { split: 'train', descending: false } as const
    const byMean = await value(engine.imageIndices({ ...all, sortBy: 'mean' }))
    expect([...byMean]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    for (const needsLabels of [
      engine.imageIndices({ ...all, sortBy: 'class' }),
      engine.imageIndices({ ...all, sortBy: 'index', classes: [0] }),
      engine.enqueue({ configs: [config] })
    ]) {
      expect(await needsLabels).toMatchObject({
        ok: false,
        error: { code: 'unlabelled', message: expect.stringContaining('have no labels') as string }
      })
    }
    expect(await runs()).toEqual([])
    const shown = await value(engine.thumbnails({ split: 'train', indices: Uint32Array.of(2) }))
    expect([[...shown.pixels], shown.labels]).toEqual([[20, 21, 22, 23], undefined])
    const choices = [{ id: 'unit' as const }]
    const image = await value(engine.image({ split: 'train', index: 1, choices }))
    expect([...image.stored]).toEqual([10, 11, 12, 13])
    expect(image.label).toBeUndefined()
    const query = { split: 'train' as const, choices, logCount: false, sharedAxis: false }
    const { table } = await value(engine.distributions(query))
    expect(table[0]?.mean[0]).toBeCloseTo(56.5 / 255, 12)
    const initial = { choices, activation: 'tanh' as const, epoch: 0, config }
    const { panels, probe } = await value(engine.activations(initial))
    expect([panels.length, probe]).toEqual([1, '6 training images, drawn at random'])
    expect(panels[0]?.std).toBeGreaterThan(0)

    const labelsPath = join(images, 'train-labels-idx1-ubyte')
    const labelled = await value(engine.openDataset({ paths: [alone, labelsPath] }))
    expect(labelled.splits.train.classCounts).toEqual([4, 4, 4])
    expect(await engine.enqueue({ configs: [config] })).toMatchObject({ ok: true })
  })

  it('names classes for a data set, and keeps the names for the next start', async () => {
    const first = setUp('named')
    const { id } = await value(first.engine.openDataset({ paths: [images] }))
    const names = ['cat', 'dog', 'owl']
    expect(await first.engine.nameClasses({ datasetId: id, names: ['a', 'a', 'b'] })).toMatchObject(
      {
        ok: false,
        error: { code: 'bad-class-names' }
      }
    )
    expect(await first.engine.nameClasses({ datasetId: id, names })).toMatchObject({ ok: true })
    expect(first.events.at(-1)).toMatchObject(['datasetOpened', { id, classNames: names }])
    const again = setUp('named')
    const { classNames, fileClassNames } = await value(
      again.engine.openDataset({ paths: [images] })
    )
    expect({ classNames, fileClassNames }).toEqual({
      classNames: names,
      fileClassNames: ['0', '1', '2']
    })
    await again.engine.nameClasses({ datasetId: id })
    expect((await value(again.engine.dataset({})))?.classNames).toEqual(['0', '1', '2'])
    const last = await value(setUp('named').engine.openDataset({ paths: [images] }))
    expect(last.classNames).toEqual(['0', '1', '2'])
  })

  it('inspects an image before and after a choice', async () => {
    const { engine } = setUp('inspect')
    await engine.openDataset({ paths: [images] })
    const shown = await value(
      engine.image({ split: 'train', index: 1, choices: [{ id: 'raw' }, { id: 'unit' }] })
    )
    expect([...shown.stored]).toEqual([10, 11, 12, 13])
    expect(shown.label).toBe(1)
    const [raw, unit] = shown.underChoices
    expect([...raw!.values]).toEqual([10, 11, 12, 13])
    expect([...unit!.values]).toEqual([10, 11, 12, 13].map((byte) => Math.fround(byte / 255)))
    // of the training split: 0 ... 113
    expect(raw!.setRange).toEqual([0, 113])
    expect(shown.setMoments).toMatchObject({ min: 0, max: 113, mean: 56.5 })
  })

  it('counts every pixel of a distribution once', async () => {
    const { engine } = setUp('distributions')
    await engine.openDataset({ paths: [images] })
    for (const [split, pixels] of [
      ['train', 48],
      ['test', 24],
      ['all', 72]
    ] as const) {
      const { figures, table } = await value(
        engine.distributions({
          ...{ split, choices: [{ id: 'unit' }, { id: 'per-image' }] },
          ...{ logCount: false, sharedAxis: false }
        })
      )
      expect(table).toHaveLength(2)
      for (const { marks } of figures) {
        const [steps] = marks.filter(({ kind }) => kind === 'steps')
        if (steps?.kind !== 'steps') throw new Error('no histogram')
        const counts = Array.from(steps.counts ?? steps.heights)
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(pixels)
      }
    }
  })

  it('shows the pre-activations of initial weights where nothing was trained', async () => {
    const { engine } = setUp('activations')
    await engine.openDataset({ paths: [images] })
    const shown = await value(
      engine.activations({
        ...{ choices: [{ id: 'raw' }, { id: 'unit' }], activation: 'tanh', epoch: 0 },
        config
      })
    )
    expect(shown).toMatchObject({ lastEpoch: 0, probe: 'all 6 test images' })
    const [raw, unit] = shown.panels
    // the same weights: pre-activations scale with the input, which is what the view is about
    expect(raw!.std / unit!.std).toBeCloseTo(255, 2)
    expect(raw!.predictedStd! / unit!.predictedStd!).toBeCloseTo(255, 6)
    expect(shown.heatmaps.map(({ activation }) => activation).sort()).toEqual(['sigmoid', 'tanh'])
    expect(shown.heatmaps[0]!.cells.map(({ choice }) => choice.id)).toEqual(['raw', 'unit'])
  })
})

describe('initial weights', () => {
  it('are measured on the test images that a run would be measured on, drawn class by class', async () => {
    const { engine } = setUp('probe')
    await engine.openDataset({ paths: [images] })
    const three = { ...config, probeImages: 3 }
    const { probe, panels } = await value(
      engine.activations({ choices: [{ id: 'raw' }], activation: 'tanh', epoch: 0, config: three })
    )
    expect(probe).toBe('3 test images, 1 a class')
    // image i has the values 10 i, 10 i + 1, 10 i + 2 and 10 i + 3
    const [kernel] = startWeights(three, 4, 3)
    const z = [...drawProbe(Int32Array.of(0, 1, 2, 0, 1, 2), 3)].flatMap((image) =>
      [0, 1, 2].map((unit) =>
        [0, 1, 2, 3].reduce((sum, at) => sum + (10 * image + at) * kernel![3 * at + unit]!, 0)
      )
    )
    const mean = z.reduce((sum, each) => sum + each, 0) / 9
    const std = Math.sqrt(z.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 9)
    expect(panels[0]!.std / std).toBeCloseTo(1, 5)
  })
})

describe('runs', () => {
  it('go to a trainer with the choice fitted on the images that they train on', async () => {
    const { engine, trainers, given } = setUp('fit')
    await engine.openDataset({ paths: [images] })
    const testChoices = [{ id: 'raw' as const }, { id: 'centred' as const }]
    const limited = { ...config, limit: 2, choice: { id: 'centred' as const }, testChoices }
    const { ids } = await value(engine.enqueue({ configs: [limited] }))
    await given(0, ids[0]!)
    const sent = trainers[0]!.heard.find(({ type }) => type === 'train')
    if (sent?.type !== 'train') throw new Error('no run')
    const { rows, first } = smallRows({ limit: 2 })
    expect(rows).toHaveLength(2)
    expect(sent.request.preprocessing.parameters.mean).toEqual([first + 1.5])
    const others = sent.request.testPreprocessings!
    expect(others.map(({ choice }) => choice)).toEqual(testChoices)
    expect(others[1]!.parameters.mean).toEqual([first + 1.5])
  })

  it('fit on the images of their classes only', async () => {
    const { engine, trainers, given } = setUp('fit-classes')
    await engine.openDataset({ paths: [images] })
    const two: RunConfig = {
      ...{ ...config, choice: { id: 'centred' }, classes: [1, 2], output: 'sigmoid', limit: 3 }
    }
    const { ids } = await value(engine.enqueue({ configs: [two] }))
    await given(0, ids[0]!)
    const sent = trainers[0]!.heard.find(({ type }) => type === 'train')
    if (sent?.type !== 'train') throw new Error('no run')
    const { rows, first } = smallRows(two)
    expect(rows).toHaveLength(3)
    expect(rows.every((row) => row % 3 !== 0)).toBe(true)
    expect(sent.request.preprocessing.parameters.mean![0]).toBeCloseTo(first + 1.5, 12)
  })

  it('that have ended are still there for the next engine, infinite losses included', async () => {
    const first = setUp('journal')
    await first.engine.openDataset({ paths: [images] })
    const { ids } = await value(first.engine.enqueue({ configs: [config] }))
    await first.given(0, ids[0]!)
    const record = {
      ...{ epoch: 1, trainLoss: Infinity, trainAccuracy: 0.5, zeroGradientFraction: 0 },
      ...{ gradientNorms: [NaN], layers: [], seconds: 1 }
    }
    first.trainers[0]!.tell({ type: 'epoch', id: ids[0]!, record })
    first.trainers[0]!.end('diverged')
    await first.shell.close()
    const [again] = await setUp('journal').runs()
    expect(again).toMatchObject({ id: ids[0], status: 'diverged', datasetName: 'images' })
    expect(again!.epochs[0]!.trainLoss).toBe(Infinity)
    expect(again!.epochs[0]!.gradientNorms[0]).toBeNaN()
  })

  it('under way when the engine was killed go on first, and waiting ones after them', async () => {
    const first = setUp('killed')
    await first.engine.openDataset({ paths: [images] })
    const { ids } = await value(
      first.engine.enqueue({ configs: [config, { ...config, seed: 1 }, { ...config, seed: 2 }] })
    )
    await first.given(0, ids[0]!)
    // no close: as after kill -9, the journal is all that is left
    const second = setUp('killed')
    await second.shell.openFirst(undefined, { resume: true })
    await second.given(0, ids[0]!)
    const records = new Map((await second.runs()).map((record) => [record.id, record]))
    expect(records.get(ids[0]!)!.status).toBe('running')
    expect(records.get(ids[1]!)!.status).toBe('queued')
    expect(records.get(ids[2]!)).toMatchObject({ status: 'queued', config: { seed: 2 } })
    // it was given the same place for its state as before
    const [place, before] = [second, first].map(({ trainers }) => {
      const [message] = trainers[0]!.heard
      return message?.type === 'train' ? message.request.checkpoint : undefined
    })
    expect(place).toEqual(before)
    expect(place?.file).toContain(ids[0])
  })

  it('that kill the engine twice before they come further have failed', async () => {
    const first = setUp('deadly')
    await first.engine.openDataset({ paths: [images] })
    const { ids } = await value(first.engine.enqueue({ configs: [config, { ...config, seed: 1 }] }))
    await first.given(0, ids[0]!)
    const second = setUp('deadly')
    await second.shell.openFirst(undefined, { resume: true })
    await second.given(0, ids[0]!)
    const third = setUp('deadly')
    await third.shell.openFirst([images], { resume: true })
    await third.given(0, ids[1]!)
    const [failed] = await third.runs()
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'engine-lost' } })
  })

  it('whose shell was killed are paused at the next start, not cancelled', async () => {
    const first = setUp('shell-killed')
    await first.engine.openDataset({ paths: [images] })
    const { ids } = await value(first.engine.enqueue({ configs: [config, { ...config, seed: 1 }] }))
    await first.given(0, ids[0]!)
    await first.shell.close({ cancel: false })
    const second = setUp('shell-killed')
    await second.shell.openFirst([images])
    expect(await second.statuses()).toEqual(['paused', 'paused'])
  })

  it('of a data set that is not open wait for it, and say so', async () => {
    const first = setUp('elsewhere')
    await first.engine.openDataset({ paths: [images] })
    const { ids } = await value(first.engine.enqueue({ configs: [config, { ...config, seed: 1 }] }))
    await first.given(0, ids[0]!)
    const second = setUp('elsewhere')
    await second.shell.openFirst(['fashion-mnist'])
    expect(await second.statuses()).toEqual(['paused', 'paused'])
    expect(await second.engine.resumeRun({ id: ids[0]! })).toMatchObject({
      ok: false,
      error: { code: 'other-dataset', message: expect.stringContaining('images') as string }
    })
    await second.engine.cancelRun({ id: ids[1]! })
    expect(await second.statuses()).toEqual(['paused', 'cancelled'])
    await value(second.engine.openDataset({ paths: [images] }))
    await vi.waitFor(async () =>
      expect(await second.engine.resumeRun({ id: ids[0]! })).toMatchObject({ ok: true })
    )
    await second.given(0, ids[0]!)
  })

  it('go on with the epochs of their kept state, which are kept too', async () => {
    const first = setUp('went-on')
    await first.engine.openDataset({ paths: [images] })
    const { ids } = await value(first.engine.enqueue({ configs: [config] }))
    await first.given(0, ids[0]!)
    const epochs = [0, 1, 2, 3].map((epoch) => ({
      ...{ epoch, trainLoss: 1 / (epoch + 1), trainAccuracy: 0.5, zeroGradientFraction: 0 },
      ...{ gradientNorms: [], layers: [], seconds: 1 }
    }))
    const [zero, one, two, three] = epochs
    first.trainers[0]!.tell({ type: 'epoch', id: ids[0]!, record: zero! })
    first.trainers[0]!.tell({ type: 'epoch', id: ids[0]!, record: one! })
    await first.shell.close()
    // the record of a run that was under way: closing wrote that it was cancelled
    const file = join(folder, 'went-on', 'runs', `${ids[0]}.jsonl`)
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
    const open = lines.filter((line) => !line.includes('"cancelled"'))
    writeFileSync(file, open.map((line) => `${line}\n`).join(''))

    const second = setUp('went-on')
    await second.shell.openFirst(undefined, { resume: true })
    await second.given(0, ids[0]!)
    const told = { type: 'started', id: ids[0]!, trainCount: 30, testCount: 9 } as const
    const probe = { split: 'test', count: 6, seed: 1 } as const
    second.trainers[0]!.tell({ ...told, probe, epochs: [zero!, one!, two!] })
    second.trainers[0]!.tell({ type: 'epoch', id: ids[0]!, record: three! })
    second.trainers[0]!.end()
    await second.shell.close()
    expect(readFileSync(file, 'utf8').startsWith(open.join('\n'))).toBe(true)
    const [record] = await setUp('went-on').runs()
    expect(record!.epochs).toEqual(epochs)
    expect(record).toMatchObject({
      status: 'finished',
      notes: ['It was interrupted, and went on from the end of epoch 2.']
    })
  })

  it('that waited do not start by themselves after an ordinary start', async () => {
    const first = setUp('quit')
    await first.engine.openDataset({ paths: [images] })
    const { ids } = await value(first.engine.enqueue({ configs: [config, { ...config, seed: 1 }] }))
    await first.given(0, ids[0]!)
    const second = setUp('quit')
    await second.shell.openFirst()
    expect(await second.statuses()).toEqual(['paused', 'paused'])
    expect(second.notices().map(({ message }) => message)).toContain(
      'Normscope ended before 2 runs did. They are paused; Resume all goes on from the end of the last epoch.'
    )
    // what is given to a trainer comes in turn: a new run is the only one
    const { ids: added } = await value(second.engine.enqueue({ configs: [{ ...config, seed: 2 }] }))
    await second.given(0, added[0]!)
    const given = second.trainers
      .flatMap(({ heard }) => heard)
      .flatMap((message) => (message.type === 'train' ? message.request.id : []))
    expect(given).toEqual(added)
  })

  it('can be removed when they have ended, and brought back', async () => {
    const { engine, trainers, given, runs } = setUp('remove')
    await engine.openDataset({ paths: [images] })
    const { ids } = await value(engine.enqueue({ configs: [config] }))
    await given(0, ids[0]!)
    await engine.removeRuns({ ids: [...ids] })
    expect(await runs()).toHaveLength(1)
    trainers[0]!.end()
    await engine.removeRuns({ ids: [...ids] })
    expect(await runs()).toEqual([])
    expect(readdirSync(join(folder, 'remove', 'runs'))).toEqual([])
    await engine.restoreRuns({})
    expect((await runs()).map(({ id }) => id)).toEqual(ids)
    expect(await setUp('remove').runs()).toHaveLength(1)
  })
})
