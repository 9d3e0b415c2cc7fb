import { createHash } from 'node:crypto'
import { DRAWING_SEED } from '../../core/dataset/draw'
import { errorFacts } from '../../core/error'
import { initialWeights } from '../../core/network/weights'
import { epochOrder } from '../../core/random'
import { plain } from '../../core/numbers'
import { withInput } from '../../core/preprocessing/apply'
import type { FittedPreprocessing } from '../../core/preprocessing/preprocessing'
import { DIVERGENCE_FACTOR } from '../../core/study/run'
import type { EpochRecord } from '../../core/study/run'
import { CheckpointWriter, readCheckpoint } from './checkpoint'
import { loadImages } from './images'
import type { MostHeld, RunImages } from './images'
import type { Checkpoint } from './kept-checkpoint'
import { Cancelled, evaluated, evaluatedFiring } from './looking'
import { accuracy, meanLoss, measure, thatCanDie, withoutGradient } from './measure'
import type { FromTrainer, TrainRequest } from './protocol'
import { CallSize, RateWindow } from './rate'
import { keepsWrong, pullShares, tested, testUnder, wrongTraining } from './results'
import { addSums, noImages, NO_SAMPLES } from './session'
import type { CreateSession, LabelledImages, SampleSums, TrainingSession, Weights } from './session'
import { EpochTrace } from './trace'

/** A call of many steps takes about so long: quick to cancel, and 97 % of full speed. */
const CALL_MS = 40
const PROGRESS_MS = 60
/** More bytes of weights are not handed on to be kept. */
const MAX_WEIGHTS = 32 * 1024 * 1024

/** What the loop is told from outside while it runs. */
export interface Control {
  readonly cancelled: boolean
  readonly paused: boolean
  /** resolves when `paused` or `cancelled` changes */
  change(): Promise<void>
}

export interface LoopHooks {
  emit(event: FromTrainer): void
  readonly control: Control
  /** see Backend */
  readonly mostHeld?: MostHeld
  /** milliseconds, monotonic */
  now(): number
  /** lets messages in between two calls */
  yieldToEventLoop(): Promise<void>
}

type Ended = Extract<FromTrainer, { type: 'ended' }>
type End = Pick<Ended, 'status' | 'divergence' | 'weightsSha256' | 'weights' | 'results'>

/** Carries out one run and tells of it; never rejects: a failure is an `ended` event with facts. */
export async function trainRun(
  request: TrainRequest,
  createSession: CreateSession,
  hooks: LoopHooks
): Promise<void> {
  const { id } = request
  const rates: number[] = []
  let session: TrainingSession | undefined
  let loaded: { close(): void } | undefined
  try {
    const { config } = request
    const images = (loaded = await loadImages(request.dataset, config, hooks.mostHeld))
    const open = (fitted: FittedPreprocessing, train: LabelledImages): Promise<TrainingSession> =>
      createSession({ config, ...images, train, preprocessing: withInput(fitted, config.input) })
    session = await open(request.preprocessing, images.train)
    const { checkpoint, damaged } = await readCheckpoint(request.checkpoint)
    hooks.emit({
      type: 'started',
      id,
      trainCount: images.train.count,
      testCount: images.test.count,
      probe: { split: images.probe.split, count: images.probe.rows.length, seed: DRAWING_SEED },
      ...(checkpoint && { epochs: checkpoint.epochs }),
      ...(damaged !== undefined && { damaged })
    })
    const end = await epochs(request, session, images, hooks, rates, checkpoint)
    const done =
      end.status === 'finished' && request.testPreprocessings?.length
        ? await underOthers(
            request,
            session,
            (fitted) => open(fitted, noImages(images.train)),
            end,
            hooks
          )
        : end
    hooks.emit({ type: 'ended', id, ...done, imagesPerSecond: median(rates), notes: [] })
  } catch (thrown) {
    const end =
      thrown instanceof Cancelled
        ? ({ status: 'cancelled', imagesPerSecond: median(rates) } as const)
        : ({ status: 'failed', error: errorFacts(thrown) } as const)
    hooks.emit({ type: 'ended', id, ...end, notes: [] })
  } finally {
    session?.dispose()
    loaded?.close()
  }
}

/** @param from what the run goes on from */
async function epochs(
  { id, config, checkpoint }: TrainRequest,
  session: TrainingSession,
  images: RunImages,
  hooks: LoopHooks,
  rates: number[],
  from?: Checkpoint
): Promise<End> {
  const breath = (): Promise<void> => breathe(id, hooks)
  const lookAtTraining = async () =>
    thatCanDie(images.plan).includes(true)
      ? evaluatedFiring(session, breath)
      : { made: await evaluated(session, 'train', breath), fired: undefined }
  const before = from?.epochs ?? []
  if (from) session.restore(from.state)
  else session.initialise(initialWeights(config, images.plan))
  const atStart = from ? undefined : await lookAtTraining()
  const startLoss = from?.startLoss ?? meanLoss(atStart!.made)
  rates.push(...before.flatMap(({ imagesPerSecond = [] }) => imagesPerSecond))
  let guesses: Int32Array | undefined
  const record = async (
    epoch: number,
    sums: SampleSums,
    seconds: number,
    fired?: boolean[][]
  ): Promise<EpochRecord> => {
    const looked = await measure(session, config, images, breath, fired)
    guesses = looked.guesses
    return {
      epoch,
      trainLoss: meanLoss(sums),
      trainAccuracy: accuracy(sums),
      ...withoutGradient(sums),
      ...looked.measured,
      seconds,
      ...(epoch > 0 ? { imagesPerSecond: sums.samples / seconds } : {})
    }
  }
  if (!Number.isFinite(startLoss)) {
    return diverged(0, 0, 'The loss is not a finite number before the first step.')
  }
  const kept = new CheckpointWriter(checkpoint, before, {
    now: () => hooks.now(),
    onFailure: (error) => hooks.emit({ type: 'not-kept', id, error })
  })
  const tell = (made: EpochRecord): void => {
    hooks.emit({ type: 'epoch', id, record: made })
    kept.add(made)
  }
  let measuring = hooks.now()
  if (atStart) tell(await record(0, atStart.made, 0, atStart.fired))
  measuring = hooks.now() - measuring
  const start = from ? from.pulls : pullShares(session, images)

  const training = new TrainingClock(hooks)
  const size = new CallSize(CALL_MS)
  let atEnd: Awaited<ReturnType<typeof lookAtTraining>> | undefined
  const window = new RateWindow()
  const { count } = images.train
  const stepsPerEpoch = Math.ceil(count / config.batch)
  let step = from?.step ?? 0
  for (let epoch = Math.max(1, before.length); epoch <= config.epochs; epoch++) {
    const order = epochOrder(config.seed, epoch, count)
    let sums = NO_SAMPLES
    const parts = new EpochTrace(stepsPerEpoch)
    const epochStart = training.milliseconds
    for (let row = 0; row < count;) {
      await breath()
      const rows = order.slice(row, row + size.steps * config.batch)
      const began = training.milliseconds
      const result = training.time(() => session.steps(rows, step))
      const taken = Math.ceil(rows.length / config.batch)
      size.took(taken, training.milliseconds - began)
      if (result.firstNonFiniteStep !== undefined) {
        return diverged(
          epoch,
          step + result.firstNonFiniteStep + 1,
          'The loss or a weight is no longer a finite number.'
        )
      }
      step += taken
      row += rows.length
      sums = addSums(sums, result)
      for (const of of result.each) parts.add(of)
      window.add(training.milliseconds, rows.length)
      const left = config.epochs * count - (epoch - 1) * count - row
      training.progress(row >= count, () => ({
        type: 'progress',
        id,
        progress: {
          epoch,
          step: step - (epoch - 1) * stepsPerEpoch,
          stepsPerEpoch,
          fraction: 1 - left / (config.epochs * count),
          imagesPerSecond: window.imagesPerSecond,
          ...(window.imagesPerSecond > 0
            ? {
                secondsLeft:
                  left / window.imagesPerSecond + ((config.epochs - epoch + 1) * measuring) / 1000
              }
            : {}),
          trainLoss: meanLoss(sums),
          trainAccuracy: accuracy(sums),
          ...withoutGradient(sums),
          trace: parts.trace
        }
      }))
    }
    const measureStart = hooks.now()
    const seconds = (training.milliseconds - epochStart) / 1000
    if (epoch === config.epochs && keepsWrong(images)) atEnd = await lookAtTraining()
    const looked = await record(epoch, sums, seconds, atEnd?.fired)
    const made = { ...looked, trace: parts.trace }
    measuring = hooks.now() - measureStart
    rates.push(made.imagesPerSecond!)
    tell(made)
    // a few steps at the start can make the mean so large, though the loss has come down again
    const ends = parts.trace.loss.at(-1)!
    if (Math.min(made.trainLoss, ends) > DIVERGENCE_FACTOR * startLoss) {
      return diverged(
        epoch,
        step,
        `The training loss of a whole epoch, ${plain(made.trainLoss)}, and that of its last part, ${plain(ends)}, are above ${DIVERGENCE_FACTOR} times the loss before training, ${plain(startLoss)}.`
      )
    }
    kept.keep({ step, startLoss, pulls: start }, () => session.state())
  }
  // killed between its last epoch and its end
  if (images.test.count > 0) guesses ??= (await evaluated(session, 'test', breath)).guesses
  if (keepsWrong(images)) atEnd ??= await lookAtTraining()
  return {
    status: 'finished',
    ...endWeights(session.read()),
    results: {
      ...tested(images, guesses),
      ...wrongTraining(images, atEnd?.made.guesses),
      pulls: { start, end: pullShares(session, images) }
    }
  }
}

/** The end of a finished run with its test under the other choices. */
async function underOthers(
  { id, testPreprocessings = [] }: TrainRequest,
  session: TrainingSession,
  open: (fitted: FittedPreprocessing) => Promise<TrainingSession>,
  end: End,
  hooks: LoopHooks
): Promise<End> {
  const breath = (): Promise<void> => breathe(id, hooks)
  const testedUnder = await testUnder(testPreprocessings, session.read(), open, breath)
  return { ...end, results: { ...end.results, testedUnder } }
}

function diverged(epoch: number, step: number, reason: string): End {
  return { status: 'diverged', divergence: { epoch, step, reason } }
}

/** Lets messages in, and waits while the run is paused. */
async function breathe(id: string, hooks: LoopHooks): Promise<void> {
  const { control } = hooks
  await hooks.yieldToEventLoop()
  if (control.paused && !control.cancelled) {
    hooks.emit({ type: 'paused', id })
    while (control.paused && !control.cancelled) await control.change()
    if (!control.cancelled) hooks.emit({ type: 'resumed', id })
  }
  if (control.cancelled) throw new Cancelled()
}

/** Time spent in training calls alone, and progress at a steady pace. */
class TrainingClock {
  milliseconds = 0
  #told = -Infinity

  constructor(readonly hooks: LoopHooks) {}

  time<T>(work: () => T): T {
    const began = this.hooks.now()
    try {
      return work()
    } finally {
      this.milliseconds += this.hooks.now() - began
    }
  }

  progress(always: boolean, event: () => FromTrainer): void {
    const now = this.hooks.now()
    if (!always && now - this.#told < PROGRESS_MS) return
    this.#told = now
    this.hooks.emit(event())
  }
}

/** All weights: float32 little-endian, in the plan's order, with their SHA-256. */
function endWeights(weights: Weights): Pick<Ended, 'weights' | 'weightsSha256'> {
  const bytes = Buffer.concat(
    weights.map(
      ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)
    )
  )
  const weightsSha256 = createHash('sha256').update(bytes).digest('hex')
  if (bytes.byteLength > MAX_WEIGHTS) return { weightsSha256 }
  return { weightsSha256, weights: new Uint8Array(bytes) }
}

function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1]! + sorted[middle]!) / 2
}
