import { dense } from '../../../src/core/network/layers/layers'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import { decodePredictions } from '../../../src/core/study/predictions'
import { createRandom } from '../../../src/core/random'
import type { FromTrainer, TrainRequest } from '../../../src/main/trainer/protocol'
import { smallDataset } from './small-dataset'
import type { SmallDataset } from './small-dataset'
import { RealTrainer } from './trainer-process'

let small: SmallDataset
const started: RealTrainer[] = []

beforeAll(async () => {
  small = await smallDataset({ train: 6000, test: 300 })
})
afterAll(() => small.remove())
afterEach(() => {
  vi.unstubAllEnvs()
  for (const { trainer } of started.splice(0)) trainer.kill()
})

async function start(backend?: string): Promise<RealTrainer> {
  const trainer = await RealTrainer.start(backend)
  started.push(trainer)
  return trainer
}

function request(id: string, change: Partial<RunConfig> = {}): TrainRequest {
  const { dataset, preprocessing } = small
  const config = { ...TUTORIAL_CONFIG, layers: [dense(16)], probeImages: 100, ...change }
  return { id, config, dataset, preprocessing }
}

const ENDLESS = { epochs: 10_000 }

const isRested = (event: FromTrainer): event is Extract<FromTrainer, { type: 'rested' }> =>
  event.type === 'rested'

/** native/kernels, where set-up has compiled them */
const KERNELS = join(
  createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json'),
  ...['..', 'lib', 'napi-v8', 'normscope_kernels.node']
)

describe('a trainer process', () => {
  test.each([undefined, 'cpu'])(
    'tests the finished network under other choices, backend %s',
    async (backend) => {
      const trainer = await start(backend)
      const { preprocessing } = small
      const raw = {
        ...preprocessing,
        choice: { id: 'raw' },
        form: { kind: 'affine', centre: [0], divisor: [1] }
      } as const
      const flipped = {
        ...preprocessing,
        choice: { id: 'custom', centre: [0], divisor: [-255] },
        form: { kind: 'affine', centre: [0], divisor: [-255] }
      } as const
      const config = { epochs: 2, limit: 600, input: { scale: 2, offset: 0.5 } }
      trainer.tell({
        type: 'train',
        request: { ...request('run', config), testPreprocessings: [preprocessing, raw, flipped] }
      })
      const { results } = await trainer.event('ended')
      const last = trainer.events.filter((event) => event.type === 'epoch').at(-1)!
      const under = results!.testedUnder!
      expect(under.map(({ choice }) => choice.id)).toEqual(['unit', 'raw', 'custom'])
      // under its own choice it is what it was; turned about, bright is dark
      expect(under[0]!.accuracy).toBe(last.record.testAccuracy)
      expect(under[2]!.accuracy).toBeLessThan(under[0]!.accuracy - 0.3)
      const { confusion, predictions, pulls } = results!
      const right = confusion!.reduce((sum, row, label) => sum + row[label]!, 0)
      expect(right / 300).toBeCloseTo(last.record.testAccuracy!, 12)
      expect(decodePredictions(predictions!)).toHaveLength(300)
      expect(pulls!.end!.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 3)
    }
  )

  test('holds as many tensors after each of its runs', async () => {
    const trainer = await start()
    for (const id of ['one', 'two', 'three']) {
      trainer.tell({ type: 'train', request: request(id, { epochs: 1, limit: 600 }) })
      await trainer.event('ended', (event) => event.id === id)
    }
    await trainer.event('rested', () => trainer.events.filter(isRested).length === 3)
    const [first, ...others] = trainer.events.filter(isRested).map(({ tensors }) => tensors)
    // the graph of the run that ended last is kept for the next
    expect(first).toBeGreaterThan(0)
    expect(others).toEqual([first, first])
  })

  test.skipIf(!existsSync(KERNELS))('keeps states for the kernels that made them', async () => {
    const trainer = await start()
    const file = `${small.dataset.splits.train.pixels.path}.checkpoint`
    const checkpoint = { file, of: 'this run' }
    trainer.tell({ type: 'train', request: { ...request('run', ENDLESS), checkpoint } })
    await trainer.event('epoch', ({ record }) => record.epoch > 1)
    await vi.waitFor(() => expect(existsSync(file)).toBe(true))
    const [head = ''] = readFileSync(file, 'latin1').split('\n')
    const hash = createHash('sha256').update(readFileSync(KERNELS)).digest('hex')
    expect(JSON.parse(head)).toMatchObject({ of: `this run ${hash}` })
  })

  test('trains to a finish, with the same weights each time', async () => {
    const trainer = await start()
    const ready = await trainer.event('ready')
    expect(ready.pid).toBe(trainer.trainer.pid)
    const hashes: (string | undefined)[] = []
    for (const id of ['first', 'second']) {
      trainer.tell({ type: 'train', request: request(id) })
      const ended = await trainer.event('ended', (event) => event.id === id)
      expect(ended).toMatchObject({ status: 'finished' })
      hashes.push(ended.weightsSha256)
    }
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/)
    expect(hashes[1]).toBe(hashes[0])
    const epochs = trainer.events.flatMap((event) =>
      event.type === 'epoch' && event.id === 'first' ? [event.record] : []
    )
    expect(epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3])
    // three classes: chance is 1/3, and what there is to learn is plain
    expect(epochs[0]!.testAccuracy).toBeLessThan(0.7)
    expect(epochs[3]!.testAccuracy).toBeGreaterThan(0.95)
    expect(epochs[3]!.imagesPerSecond).toBeGreaterThan(0)
  })

  test('removes the graphs of trainers that were killed', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'normscope-test-'))
    vi.stubEnv('TMPDIR', temporary)
    const { pid: dead } = spawnSync(process.execPath, ['-e', '0'])
    const left = join(temporary, `normscope-graph-${dead}-abcDEF`)
    mkdirSync(left)
    writeFileSync(join(left, 'saved_model.pb'), 'graph')
    const { backend } = await (await start()).event('ready')
    if (backend === 'tensorflow') expect(existsSync(left)).toBe(false)
    rmSync(temporary, { recursive: true })
  })

  test('leaves Ctrl-C in the terminal to who started it', async () => {
    const trainer = await start()
    const { pid } = await trainer.event('ready')
    process.kill(pid!, 'SIGINT')
    trainer.tell({ type: 'train', request: request('after Ctrl-C', { epochs: 1 }) })
    expect(await trainer.event('ended')).toMatchObject({ status: 'finished' })
  })

  test('does what it is told while it trains: pause, resume, cancel; then takes the next run', async () => {
    const trainer = await start()
    trainer.tell({ type: 'train', request: request('long', ENDLESS) })
    await trainer.event('progress')
    trainer.tell({ type: 'pause', id: 'long' })
    await trainer.event('paused')
    const heard = trainer.events.length
    // another trains a whole run meanwhile
    const other = await start()
    other.tell({ type: 'train', request: request('meanwhile') })
    await other.event('ended')
    expect(trainer.events).toHaveLength(heard)
    trainer.tell({ type: 'resume', id: 'long' })
    await trainer.event('resumed')
    trainer.tell({ type: 'cancel', id: 'long' })
    expect(await trainer.event('ended')).toMatchObject({ id: 'long', status: 'cancelled' })
    trainer.tell({ type: 'train', request: request('next', { epochs: 1 }) })
    const next = await trainer.event('ended', ({ id }) => id === 'next')
    expect(next.status).toBe('finished')
  })

  test('takes one run at a time and says so', async () => {
    const trainer = await start()
    trainer.tell({ type: 'train', request: request('long', ENDLESS) })
    await trainer.event('progress')
    trainer.tell({ type: 'train', request: request('other') })
    expect(await trainer.event('ended')).toMatchObject({
      id: 'other',
      status: 'failed',
      error: { code: 'trainer-busy' }
    })
    trainer.tell({ type: 'cancel', id: 'long' })
    expect((await trainer.event('ended', ({ id }) => id === 'long')).status).toBe('cancelled')
  })

  test('tells of a file that is gone and lives on', async () => {
    const trainer = await start()
    const { dataset } = small
    const { train } = dataset.splits
    const gone = { path: '/nowhere/images', offset: 0 }
    const broken = { ...dataset, splits: { train: { ...train, pixels: gone } } }
    trainer.tell({ type: 'train', request: { ...request('broken'), dataset: broken } })
    const ended = await trainer.event('ended')
    expect(ended.status).toBe('failed')
    expect(ended.error!.path).toBe('/nowhere/images')
    trainer.tell({ type: 'train', request: request('whole', { epochs: 1 }) })
    expect((await trainer.event('ended', ({ id }) => id === 'whole')).status).toBe('finished')
  })

  test('ends when its parent lets go of it', async () => {
    const left = await start()
    left.tell({ type: 'train', request: request('long', ENDLESS) })
    await left.event('progress')
    const { pid } = left.trainer
    left.trainer.channel.close()
    await vi.waitFor(() => expect(() => process.kill(pid!, 0)).toThrow(), { timeout: 5000 })
  })
})

describe('a backend', () => {
  test.each(['wasm', 'cpu'] as const)('%s trains when it is asked for', async (backend) => {
    const trainer = await start(backend)
    expect(await trainer.event('ready')).toMatchObject({ backend, notes: [] })
    trainer.tell({ type: 'train', request: request('run', { epochs: 1, limit: 1500 }) })
    expect((await trainer.event('ended')).status).toBe('finished')
  })

  test('is wasm, and says why, where the native library could not be provided', async () => {
    vi.stubEnv('NORMSCOPE_NATIVE_ERROR', 'the download was refused\nand more')
    const ready = await (await start('native')).event('ready')
    expect(ready.backend).toBe('wasm')
    expect(ready.notes).toEqual([
      'Training is slower than it could be: native TensorFlow is not available (the download was refused)'
    ])
  })

  test('that does not exist ends the process with the facts', async () => {
    const trainer = await start('abacus')
    expect(await trainer.event('unusable')).toMatchObject({
      error: { code: 'unknown-backend', actual: 'abacus' }
    })
    await trainer.ended()
  })
})

test('thirty runs, three trainers at a time, with a cancel or a kill at a random moment: each ends, and the next works', async () => {
  const outcomes = { cancelled: 0, killed: 0 }
  const lane = async (name: string): Promise<void> => {
    const random = createRandom(20, name)
    let trainer = await start()
    for (let round = 0; round < 10; round++) {
      const id = `run ${round}`
      trainer.tell({ type: 'train', request: request(id, ENDLESS) })
      // from before the data are read to well within training
      await new Promise((resolve) => setTimeout(resolve, random.uniform() * 600))
      if (random.uniform() < 0.5) {
        trainer.tell({ type: 'cancel', id })
        const ended = await trainer.event('ended', (event) => event.id === id)
        expect(ended.status).toBe('cancelled')
        outcomes.cancelled++
      } else {
        trainer.trainer.kill()
        await trainer.ended()
        outcomes.killed++
        trainer = await start()
      }
    }
    trainer.tell({ type: 'train', request: request('last', { epochs: 1 }) })
    expect((await trainer.event('ended', ({ id }) => id === 'last')).status).toBe('finished')
  }
  await Promise.all(['one', 'two', 'three'].map(lane))
  expect(outcomes.cancelled + outcomes.killed).toBe(30)
  expect(Math.min(outcomes.cancelled, outcomes.killed)).toBeGreaterThan(5)
}, 90_000)
