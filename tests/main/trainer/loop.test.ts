import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import { epochOrder } from '../../../src/core/random'
import { NormscopeError } from '../../../src/core/error'
import { trainRun } from '../../../src/main/trainer/loop'
import { FakeHooks, FakeSession } from './fake-session'
import type { FakeTraining } from './fake-session'
import { smallDataset } from './small-dataset'
import type { SmallDataset } from './small-dataset'

const TRAIN = 3000
const TEST = 60

let small: SmallDataset

beforeAll(async () => {
  small = await smallDataset({ train: TRAIN, test: TEST })
})
afterAll(() => small.remove())

const CONFIG: RunConfig = { ...TUTORIAL_CONFIG, hidden: [4], batch: 8, epochs: 2, probeImages: 20 }

async function run(
  training: FakeTraining,
  change: Partial<RunConfig> = {},
  prepare: (hooks: FakeHooks, session: () => FakeSession) => void = () => undefined
) {
  const hooks = new FakeHooks()
  let session: FakeSession | undefined
  prepare(hooks, () => session!)
  const { dataset, preprocessing } = small
  const request = { id: 'run', config: { ...CONFIG, ...change }, dataset, preprocessing }
  await trainRun(
    request,
    async (input) => (session = new FakeSession(hooks, training, input)),
    hooks
  )
  const [ended] = hooks.all('ended')
  return { hooks, session: session!, ended: ended!, epochs: hooks.all('epoch') }
}

describe('a run to its end', () => {
  test('tells that it started, each epoch from 0, and that it finished', async () => {
    const { hooks, ended, epochs, session } = await run({ stepMs: 1 })
    expect(hooks.all('started')).toEqual([
      { type: 'started', id: 'run', trainCount: TRAIN, testCount: TEST }
    ])
    expect(epochs.map(({ record }) => record.epoch)).toEqual([0, 1, 2])
    expect(ended).toMatchObject({ id: 'run', status: 'finished' })
    expect(session.disposed).toBe(true)
  })

  test('visits every image once an epoch in the order of the seed', async () => {
    const { session } = await run({ stepMs: 1 })
    const visited = session.calls.flatMap(({ rows }) => [...rows])
    expect(visited).toEqual([...epochOrder(0, 1, TRAIN), ...epochOrder(0, 2, TRAIN)])
  })

  test('tells each call how many steps came before it', async () => {
    const { session } = await run({ stepMs: 1 })
    let before = 0
    for (const { rows, firstStep } of session.calls) {
      expect(firstStep).toBe(before)
      before += Math.ceil(rows.length / 8)
    }
    expect(before).toBe(2 * 375)
  })

  test('records means over the samples, and shares of units', async () => {
    const { epochs } = await run({ stepMs: 1, lossAt: () => 0.5 })
    expect(epochs[0]!.record).toMatchObject({
      trainLoss: 2,
      trainAccuracy: 0.25,
      testLoss: 2,
      testAccuracy: 0.25,
      zeroGradientFraction: 0,
      seconds: 0,
      gradientNorms: [1, 2]
    })
    expect(epochs[0]!.record.imagesPerSecond).toBeUndefined()
    expect(epochs[1]!.record).toMatchObject({
      trainLoss: 0.5,
      trainAccuracy: 0.5,
      zeroGradientFraction: 0.25,
      trappedFraction: 0.0625,
      learnedFraction: 0.1875,
      // one of four units has z = 0 at most, one of four is at -1 on every probe image
      deadUnitFraction: 0.25,
      saturatedFraction: 0.25
    })
    expect(epochs[1]!.record.layers[0]).toMatchObject({ units: 4, saturation: [1, 0, 0, 0] })
  })

  test('counts the time of training alone, not of evaluation', async () => {
    const { epochs, ended } = await run({ stepMs: 2, evaluateMs: 10_000 })
    expect(epochs[1]!.record.seconds).toBeCloseTo(0.75, 9)
    expect(epochs[1]!.record.imagesPerSecond).toBeCloseTo(4000, 6)
    expect(ended.imagesPerSecond).toBeCloseTo(4000, 6)
  })

  test('gives the SHA-256 of the weights as float32 little-endian', async () => {
    const { ended } = await run({ stepMs: 1 })
    // printf '\x00\x00\x80\x3f\x00\x00\x00\x40\x00\x00\x00\xbf' | sha256sum
    expect(ended.weightsSha256).toBe(
      '1ffe038578726b0db1430093131187306c7d4859c5dfbbabac87a9637825787c'
    )
  })

  test('has neither dead units nor saturation without a hidden layer', async () => {
    const { epochs } = await run(
      { stepMs: 1 },
      { hidden: [], initFactors: [1], stepFactors: [1], epochs: 1 }
    )
    expect(epochs[1]!.record.deadUnitFraction).toBeUndefined()
    expect(epochs[1]!.record.saturatedFraction).toBeUndefined()
    expect(epochs[1]!.record.layers).toEqual([])
  })
})

describe('calls of the session', () => {
  test('grow at most fourfold until they take about 40 ms', async () => {
    const { session } = await run({ stepMs: 0.5 }, { epochs: 1 })
    const steps = session.calls.map(({ rows }) => rows.length / 8)
    expect(steps.slice(0, 6)).toEqual([1, 4, 16, 64, 80, 80])
  })

  test('are one step long where a step takes longer than that', async () => {
    const { session } = await run({ stepMs: 100 }, { epochs: 1 })
    expect(session.calls).toHaveLength(375)
  })

  test('are as long after the short last call of an epoch as before', async () => {
    const { session } = await run({ stepMs: 0.5 })
    const steps = session.calls.map(({ rows }) => rows.length / 8)
    // 1 + 4 + 16 + 64 + 3 x 80 + 50 = 375, then the next epoch
    expect(steps.slice(7, 9)).toEqual([50, 80])
  })
})

describe('progress', () => {
  test('comes at least ten times a second while training', async () => {
    const { hooks } = await run({ stepMs: 1 }, { epochs: 3 })
    const progress = hooks.events.filter(({ event }) => event.type === 'progress')
    const training = 3 * 375 * 1
    expect(progress.length).toBeGreaterThanOrEqual(training / 100)
    for (const [i, { at }] of progress.entries()) {
      expect(at - (progress[i - 1]?.at ?? 0)).toBeLessThanOrEqual(100)
    }
  })

  test('tells rate, fraction and time left, evaluation included', async () => {
    const { hooks } = await run({ stepMs: 4, evaluateMs: 500 }, { epochs: 2 })
    const progress = hooks.all('progress').map((event) => event.progress)
    const last = progress[progress.length - 1]!
    expect(last).toMatchObject({ epoch: 2, step: 375, stepsPerEpoch: 375, fraction: 1 })
    const half = progress.find(({ epoch, step }) => epoch === 1 && step === 375)!
    expect(half.fraction).toBeCloseTo(0.5, 9)
    // 8 images in 4 ms
    expect(half.imagesPerSecond).toBeCloseTo(2000, 6)
    // 3000 images at 2000 a second, and two evaluations of half a second
    expect(half.secondsLeft).toBeCloseTo(1.5 + 1, 6)
    expect(progress[0]!.secondsLeft).toBeUndefined()
    for (const [i, { fraction }] of progress.entries()) {
      expect(fraction).toBeGreaterThan(progress[i - 1]?.fraction ?? 0)
    }
  })
})

describe('a run that is told to', () => {
  test('cancel ends before the next call', async () => {
    let before = 0
    const { session, ended, epochs } = await run({ stepMs: 1 }, {}, (hooks, session) => {
      hooks.onBreath = () => {
        if (session().calls.length !== 5) return
        before = 5
        hooks.set({ cancelled: true })
      }
    })
    expect(before).toBe(5)
    expect(session.calls).toHaveLength(5)
    expect(ended.status).toBe('cancelled')
    expect(ended.weightsSha256).toBeUndefined()
    expect(epochs.map(({ record }) => record.epoch)).toEqual([0])
    expect(session.disposed).toBe(true)
  })

  test('pause makes no call until it is told to go on, and counts no time', async () => {
    let atPause = 0
    const { hooks, session, ended, epochs } = await run({ stepMs: 1 }, {}, (hooks, session) => {
      let once = false
      hooks.onBreath = () => {
        if (once || session().calls.length !== 5) return
        once = true
        hooks.set({ paused: true })
      }
      hooks.onWait = () => {
        atPause = session().calls.length
        hooks.milliseconds += 60_000
        hooks.set({ paused: false })
      }
    })
    expect(atPause).toBe(5)
    expect(hooks.all('paused')).toHaveLength(1)
    expect(hooks.all('resumed')).toHaveLength(1)
    expect(ended.status).toBe('finished')
    expect(session.calls.flatMap(({ rows }) => [...rows])).toHaveLength(2 * TRAIN)
    expect(epochs[1]!.record.seconds).toBeCloseTo(0.375, 9)
  })

  test('cancel while it is paused ends', async () => {
    const { ended, hooks } = await run({ stepMs: 1 }, {}, (hooks) => {
      hooks.set({ paused: true })
      hooks.onWait = () => hooks.set({ cancelled: true })
    })
    expect(ended.status).toBe('cancelled')
    expect(hooks.all('resumed')).toHaveLength(0)
  })
})

describe('a run that diverges', () => {
  test('ends at the first step that is not finite, counted from 1 over the run', async () => {
    const { ended, epochs } = await run({
      stepMs: 1,
      lossAt: (step) => (step < 400 ? 1 : NaN)
    })
    expect(ended).toMatchObject({ status: 'diverged', divergence: { epoch: 2, step: 400 } })
    expect(ended.weightsSha256).toBeUndefined()
    expect(epochs.map(({ record }) => record.epoch)).toEqual([0, 1])
  })

  test('ends after an epoch whose loss is above ten times its start', async () => {
    const { ended, epochs } = await run(
      { stepMs: 1, startLoss: 2, lossAt: (step) => (step <= 375 ? 19.9 : 20.1) },
      { epochs: 5 }
    )
    expect(ended).toMatchObject({ status: 'diverged', divergence: { epoch: 2, step: 750 } })
    expect(ended.divergence!.reason).toContain('10 times')
    expect(epochs.map(({ record }) => record.epoch)).toEqual([0, 1, 2])
  })

  test('before its first step tells no epoch at all', async () => {
    const { ended, epochs } = await run({ stepMs: 1, startLoss: NaN })
    expect(ended).toMatchObject({ status: 'diverged', divergence: { epoch: 0, step: 0 } })
    expect(epochs).toEqual([])
  })
})

describe('a run that fails', () => {
  test('tells the facts of a session that cannot be made', async () => {
    const hooks = new FakeHooks()
    const { dataset, preprocessing } = small
    const facts = { code: 'out-of-memory', message: 'No room.' }
    await trainRun(
      { id: 'run', config: CONFIG, dataset, preprocessing },
      () => Promise.reject(new NormscopeError(facts)),
      hooks
    )
    expect(hooks.events.map(({ event }) => event)).toEqual([
      { type: 'ended', id: 'run', status: 'failed', error: facts, notes: [] }
    ])
  })

  test('disposes of the session when a call throws', async () => {
    const { ended, session } = await run({
      stepMs: 1,
      lossAt: (step) => {
        if (step === 10) throw new Error('the library failed')
        return 1
      }
    })
    expect(ended).toMatchObject({
      status: 'failed',
      error: { code: 'internal', message: 'the library failed' }
    })
    expect(session.disposed).toBe(true)
  })

  test('of classes that are not there names them', async () => {
    const { ended } = await run({ stepMs: 1 }, { classes: [0, 7] })
    expect(ended).toMatchObject({ status: 'failed', error: { code: 'bad-classes' } })
    expect(ended.error!.message).toContain('0 and 7')
  })

  test('of a sigmoid output on three classes says what to choose', async () => {
    const { ended } = await run({ stepMs: 1 }, { output: 'sigmoid' })
    expect(ended).toMatchObject({ status: 'failed', error: { code: 'too-many-classes' } })
  })
})

describe('images of a run', () => {
  test('are the first ones up to the limit, and all test images', async () => {
    const { session } = await run({ stepMs: 1 }, { limit: 100, epochs: 1 })
    expect(session.input.train.count).toBe(100)
    expect(session.input.train.pixels).toHaveLength(100 * 36)
    expect([...session.input.train.labels.slice(0, 4)]).toEqual([0, 1, 2, 0])
    expect(session.input.test.count).toBe(TEST)
  })

  test('are those of two classes, relabelled 0 and 1 in both splits', async () => {
    const all = await run({ stepMs: 1 }, { epochs: 1 })
    const { session } = await run({ stepMs: 1 }, { classes: [2, 1], epochs: 1 })
    const { train, test: tested, classes } = session.input
    expect(classes).toBe(2)
    expect(train.count).toBe(2000)
    expect(tested.count).toBe(40)
    // classes go 0 1 2 0 1 2 ...: 1 comes first and is the second of the two
    expect([...train.labels.slice(0, 4)]).toEqual([1, 0, 1, 0])
    expect([...train.pixels.slice(0, 36)]).toEqual([
      ...all.session.input.train.pixels.slice(36, 72)
    ])
  })
})
