import { dense } from '../../../src/core/network/layers/layers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import { rowsOfRun } from '../../../src/core/dataset/draw'
import { epochOrder } from '../../../src/core/random'
import { NormscopeError } from '../../../src/core/error'
import { decodePredictions, decodeWrong } from '../../../src/core/study/predictions'
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

const CONFIG: RunConfig = {
  ...TUTORIAL_CONFIG,
  layers: [dense(4)],
  batch: 8,
  epochs: 2,
  probeImages: 20
}
/** 750 steps an epoch */
const MANY = { batch: 4 } as const

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
      {
        type: 'started',
        id: 'run',
        trainCount: TRAIN,
        testCount: TEST,
        probe: { split: 'test', count: 20, seed: 0 }
      }
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
      { layers: [], initFactors: [1], stepFactors: [1], epochs: 1 }
    )
    expect(epochs[1]!.record.deadUnitFraction).toBeUndefined()
    expect(epochs[1]!.record.saturatedFraction).toBeUndefined()
    expect(epochs[1]!.record.layers).toEqual([])
  })
})

/** Steps of each call, epoch by epoch, of a run with MANY. */
function stepsOf(session: FakeSession): number[][] {
  const epochs: number[][] = []
  for (const { rows, firstStep } of session.calls) {
    if (firstStep % 750 === 0) epochs.push([])
    epochs.at(-1)!.push(rows.length / 4)
  }
  return epochs
}

describe('calls of the session', () => {
  test('grow at most fourfold until they take about 40 ms', async () => {
    const { session } = await run({ stepMs: 2 }, { ...MANY, epochs: 2 })
    const [first, second] = stepsOf(session)
    expect(first!.slice(0, 5)).toEqual([1, 4, 16, 20, 20])
    expect(first!.at(-1)).toBe((750 - 21) % 20)
    // what an epoch's end cuts short makes the next call no shorter
    expect(second!.slice(0, 37)).toEqual(new Array(37).fill(20))
  })

  test('are one an epoch where steps are quick', async () => {
    const { session } = await run({ stepMs: 0.01 }, MANY)
    expect(stepsOf(session)[1]).toEqual([750])
  })

  test('are one step long where a step takes longer than that', async () => {
    const { session } = await run({ stepMs: 100 }, { epochs: 1 })
    expect(session.calls).toHaveLength(375)
  })
})

describe('the trace of an epoch', () => {
  test('has the mean loss of each twentieth of its steps, the same at any speed', async () => {
    const lossAt = (step: number): number => step / 100
    const traces = await Promise.all(
      [0.01, 7].map(
        async (stepMs) => (await run({ stepMs, lossAt }, MANY)).epochs[2]!.record.trace!
      )
    )
    expect(traces[0]).toEqual(traces[1])
    const { fraction, loss, accuracy } = traces[0]!
    expect(fraction).toHaveLength(20)
    expect(fraction[0]).toBeCloseTo(38 / 750, 5)
    expect(fraction[19]).toBe(1)
    // steps 1 to 38 and 714 to 750 of the second epoch
    expect(loss[0]).toBeCloseTo((751 + 788) / 2 / 100, 4)
    expect(loss[19]).toBeCloseTo((1464 + 1500) / 2 / 100, 4)
    expect(accuracy).toEqual(Array.from({ length: 20 }, () => 0.5))
  })

  test('has fewer parts where they would be shorter than thirty steps', async () => {
    const short = await run({ stepMs: 1 }, { batch: 1000, epochs: 1 })
    expect(short.epochs[0]!.record.trace).toBeUndefined()
    expect(short.epochs[1]!.record.trace).toEqual({ fraction: [1], loss: [1], accuracy: [0.5] })
    // 375 steps: twelve parts
    const { epochs } = await run({ stepMs: 1 }, { epochs: 1 })
    expect(epochs[1]!.record.trace!.loss).toHaveLength(12)
  })

  test('is in the progress as far as it goes', async () => {
    const { hooks } = await run({ stepMs: 1 }, { ...MANY, epochs: 1 })
    for (const { progress } of hooks.all('progress')) {
      // a part ends at the next whole step
      const parts = Math.floor((progress.step + 0.5) / 37.5)
      expect(progress.trace!.loss).toHaveLength(parts)
    }
  })
})

describe('what is kept of a finished run', () => {
  test('is what its test images are taken for', async () => {
    const { ended, epochs } = await run({ stepMs: 1 })
    const { confusion, predictions } = ended.results!
    expect(confusion).toEqual([
      [20, 0, 0],
      [20, 0, 0],
      [20, 0, 0]
    ])
    expect([...decodePredictions(predictions!)]).toEqual(new Array(TEST).fill(0))
    expect(epochs[2]!.record.balancedAccuracy).toBeCloseTo(1 / 3, 12)
  })

  test('is which of its training images are wrong', async () => {
    const { ended, session } = await run({ stepMs: 1 }, { limit: 7 })
    const wrong = [...session.input.train.labels].flatMap((label, at) => (label === 0 ? [] : [at]))
    expect(wrong.length).toBeGreaterThan(0)
    expect(decodeWrong(ended.results!.wrongTraining!)).toEqual(wrong)
  })

  test('is the share of each pixel in the first gradient, before and after', async () => {
    const { start, end } = (await run({ stepMs: 1 })).ended.results!.pulls!
    // 0 + 1 + … + 35 = 630
    expect(start!.slice(0, 3)).toEqual([0, 0.0015873, 0.0031746])
    expect(end).toEqual(new Array(36).fill(0.027778))
  })

  test('is its accuracy under other choices, in sessions with no training images', async () => {
    const { dataset, preprocessing } = small
    const hooks = new FakeHooks()
    const sessions: FakeSession[] = []
    const raw = { ...preprocessing, choice: { id: 'raw' } } as const
    const symmetric = { ...preprocessing, choice: { id: 'symmetric' } } as const
    const request = {
      ...{ id: 'run', config: CONFIG, dataset, preprocessing },
      testPreprocessings: [raw, symmetric]
    }
    await trainRun(
      request,
      async (input) => {
        sessions.push(new FakeSession(hooks, { stepMs: 1 }, input))
        return sessions.at(-1)!
      },
      hooks
    )
    expect(hooks.all('ended')[0]!.results!.testedUnder).toEqual([
      { choice: { id: 'raw' }, accuracy: 0.25 },
      { choice: { id: 'symmetric' }, accuracy: 0.25 }
    ])
    const [own, first] = sessions
    expect(sessions).toHaveLength(3)
    expect(first!.input.train.count).toBe(0)
    expect(first!.input.test.count).toBe(TEST)
    expect(first!.weights).toEqual(own!.read())
    expect(sessions.every(({ disposed }) => disposed)).toBe(true)
  })

  test('is nothing of a run that was cancelled', async () => {
    const { ended } = await run({ stepMs: 1 }, {}, (hooks, session) => {
      hooks.onBreath = () => {
        if (session().calls.length === 5) hooks.set({ cancelled: true })
      }
    })
    expect(ended.results).toBeUndefined()
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

  test('does not end for a few steps whose loss makes the mean of the epoch ten times its start', async () => {
    // 5 of 750 steps: a mean of 69, and 1 at the end
    const { ended, epochs } = await run(
      { stepMs: 1, startLoss: 2, lossAt: (step) => (step <= 5 ? 10_000 : 1) },
      { ...MANY, epochs: 2 }
    )
    expect(epochs[1]!.record.trainLoss).toBeGreaterThan(20)
    expect(ended.status).toBe('finished')
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
  test('are drawn class by class up to the limit, and all test images', async () => {
    const all = (await run({ stepMs: 1 }, { epochs: 1 })).session.input.train
    const { session } = await run({ stepMs: 1 }, { limit: 300, epochs: 1 })
    const { count, pixels, labels } = session.input.train
    expect(count).toBe(300)
    expect([0, 1, 2].map((c) => labels.filter((label) => label === c).length)).toEqual([
      100, 100, 100
    ])
    const rows = rowsOfRun(all.labels, { limit: 300 })
    rows.forEach((row, at) => {
      expect(labels[at]).toBe(all.labels[row])
      expect(pixels.subarray(at * 36, at * 36 + 36)).toEqual(
        all.pixels.subarray(row * 36, row * 36 + 36)
      )
    })
    // not the first 300
    expect(rows[299]).toBeGreaterThan(2500)
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
    expect([...train.pixels.subarray(0, 36)]).toEqual([
      ...all.session.input.train.pixels.subarray(36, 72)
    ])
  })
})
