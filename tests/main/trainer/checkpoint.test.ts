import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import { parseLayers } from '../../../src/core/network/layers/text'
import { CheckpointWriter, readCheckpoint } from '../../../src/main/trainer/checkpoint'
import { trainRun } from '../../../src/main/trainer/loop'
import { createNativeSession } from '../../../src/main/trainer/native'
import { createPortableSession } from '../../../src/main/trainer/portable'
import type { FromTrainer } from '../../../src/main/trainer/protocol'
import type { CreateSession } from '../../../src/main/trainer/session'
import { smallDataset } from './small-dataset'
import type { SmallDataset } from './small-dataset'

let small: SmallDataset
let folder: string
beforeAll(async () => (small = await smallDataset({ train: 240, test: 30 })))
afterAll(() => small.remove())
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'normscope-test-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const place = () => ({ file: join(folder, 'checkpoints', 'run.checkpoint'), of: 'this run' })

/** Trains; `stopsAfter` that epoch as a killed process does: nothing of it is told any more. */
async function train(
  config: RunConfig,
  create: CreateSession,
  { stopsAfter = Infinity, at = place() } = {}
): Promise<FromTrainer[]> {
  const events: FromTrainer[] = []
  const { dataset, preprocessing } = small
  const control = { cancelled: false, paused: false, change: () => new Promise<void>(() => {}) }
  // every call takes a second, so that every epoch has its checkpoint
  let milliseconds = 0
  await trainRun({ id: 'run', config, dataset, preprocessing, checkpoint: at }, create, {
    emit(event) {
      if (control.cancelled) return
      events.push(event)
    },
    control,
    now: () => (milliseconds += 1000),
    async yieldToEventLoop() {
      const last = events.filter((event) => event.type === 'epoch').at(-1)
      if (last && last.record.epoch >= stopsAfter) control.cancelled = true
    }
  })
  return events
}

const told = (events: readonly FromTrainer[]) =>
  events.flatMap((event) => (event.type === 'epoch' ? [event.record] : []))

function end(events: readonly FromTrainer[]) {
  const last = events.at(-1)!
  if (last.type !== 'ended') throw new Error(`The last event is ${last.type}.`)
  return last
}

/** Without what a clock says. */
const timeless = (records: ReturnType<typeof told>) =>
  records.map(({ seconds: _, imagesPerSecond: __, ...rest }) => rest)

const config = (id: RunConfig['optimiser']['id'], layers = 'dense-8'): RunConfig => ({
  ...TUTORIAL_CONFIG,
  ...{ layers: parseLayers(layers), batch: 16, epochs: 3, probeImages: 10 },
  optimiser: { ...TUTORIAL_CONFIG.optimiser, id, learningRate: 0.01 }
})

const RANDOM = 'conv3x3-4, bn, dropout-0.5, flatten, dense-8'

const BACKENDS: readonly (readonly [string, () => Promise<CreateSession>])[] = [
  ['native', () => Promise.resolve(createNativeSession)],
  ['portable', () => createPortableSession('cpu')]
]

describe.each(BACKENDS)('A run that is gone on from a checkpoint, %s', (_, backend) => {
  it.each([
    ['sgd', 'dense-8'],
    ['nesterov', 'dense-8'],
    ['rmsprop', 'dense-8'],
    ['adam', RANDOM]
  ] as const)(
    'with %s and %s ends with the weights of one that was not disturbed',
    async (id, layers) => {
      const create = await backend()
      const asked = config(id, layers)
      const whole = await train(asked, create, { at: { ...place(), file: join(folder, 'whole') } })
      const before = await train(asked, create, { stopsAfter: 1 })
      const after = await train(asked, create)

      expect(told(before).at(-1)!.epoch).toBe(1)
      const started = after.find((event) => event.type === 'started')!
      expect(started.epochs?.map(({ epoch }) => epoch)).toEqual([0, 1])
      expect(told(after).map(({ epoch }) => epoch)).toEqual([2, 3])
      const all = [...(started.epochs ?? []), ...told(after)]
      expect(timeless(all)).toEqual(timeless(told(whole)))
      expect(end(after).weightsSha256).toBe(end(whole).weightsSha256)
      expect(end(after).results).toEqual(end(whole).results)
    }
  )

  it('after its last epoch is only brought to its end', async () => {
    const create = await backend()
    const whole = await train(config('adam'), create)
    const after = await train(config('adam'), create)
    expect(told(after)).toEqual([])
    expect(end(after).weightsSha256).toBe(end(whole).weightsSha256)
    expect(end(after).results).toEqual(end(whole).results)
  })
})

describe('A checkpoint', () => {
  const damage: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
    ['cut off', (bytes) => bytes.subarray(0, bytes.length - 3)],
    ['empty', () => Buffer.alloc(0)],
    ['with a changed weight', (bytes) => ((bytes[bytes.length - 1]! ^= 1), bytes)]
  ]
  it.each(damage)('%s is set aside and named, and the run begins anew', async (_, change) => {
    await train(config('sgd'), createNativeSession, { stopsAfter: 2 })
    const { file } = place()
    const bytes = change(readFileSync(file))
    writeFileSync(file, bytes)
    const events = await train(config('sgd'), createNativeSession)
    const started = events.find((event) => event.type === 'started')!
    expect(started).toMatchObject({ damaged: `${file}.damaged` })
    expect(started.epochs).toBeUndefined()
    expect(readFileSync(`${file}.damaged`)).toEqual(bytes)
    expect(told(events).map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3])
  })

  it('of another run is not gone on from', async () => {
    await train(config('sgd'), createNativeSession, { stopsAfter: 1 })
    expect(await readCheckpoint({ ...place(), of: 'another run' })).toEqual({
      damaged: `${place().file}.damaged`
    })
  })

  it('leaves no other file beside it', async () => {
    await train(config('sgd'), createNativeSession, { stopsAfter: 2 })
    expect(readdirSync(join(folder, 'checkpoints'))).toEqual(['run.checkpoint'])
  })

  it('that the disk does not take is told of once, and the run goes on', async () => {
    // a file where its folder would be
    writeFileSync(join(folder, 'checkpoints'), '')
    const events = await train(config('sgd'), createNativeSession)
    const failures = events.filter((event) => event.type === 'not-kept')
    expect(failures).toMatchObject([{ error: { path: place().file, actual: 'EEXIST' } }])
    expect(end(events).status).toBe('finished')
    expect(readdirSync(folder)).toEqual(['checkpoints'])
  })

  it('takes at most a twentieth of the time, and short epochs share one', () => {
    let now = 0
    const kept: number[] = []
    const writer = new CheckpointWriter(place(), [], {
      now: () => now,
      onFailure: ({ message }) => expect.fail(message)
    })
    for (let epoch = 1; epoch <= 100; epoch++) {
      now += 100
      writer.keep({ step: epoch, startLoss: 1 }, () => {
        kept.push(epoch)
        // the third takes long
        if (kept.length === 3) now += 50
        return [Float32Array.of(epoch)]
      })
    }
    expect(kept.slice(0, 4)).toEqual([1, 4, 7, 17])
  })
})
