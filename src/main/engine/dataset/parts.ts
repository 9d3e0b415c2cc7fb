import { featuresOf } from '../../../core/dataset/dataset'
import type { Dataset, SplitName } from '../../../core/dataset/dataset'
import { AsyncLocalStorage } from 'node:async_hooks'
import type { FittedPreprocessing } from '../../../core/preprocessing/preprocessing'
import { coresHere } from '../../processes/cores'
import { ThreadPool } from '../../processes/thread-pool'
import { kernelsHere } from '../../statistics/kernels-here'
import { endTeam, loseOfTeam, newMemory } from '../../processes/wasm-memory'
import { JOBS } from '../../statistics/jobs'
import type { JobTools, SomeRange, SomeRows } from '../../statistics/jobs'

type JobName = keyof typeof JOBS
type Asked<Name extends JobName> = Parameters<(typeof JOBS)[Name]>[0]
type Found<Name extends JobName> = Awaited<ReturnType<(typeof JOBS)[Name]>>

/** Values up to which handing work over takes longer than doing it, some 2 ms. */
export const AT_ONCE = 500_000
/** Values of one part. A part is a matter of the images alone, so that sums do not depend on cores. */
const PART_VALUES = 6_000_000
/** Each part has tables of its own: so many are kept at a time at most. */
const MOST_PARTS = 20

const pool = new ThreadPool()

/** Who waits for statistics. */
interface Watcher {
  /** ends what is being computed, with its reason */
  readonly signal: AbortSignal
  /** `fraction` in [0, 1]; absent while unknown */
  readonly onProgress: (stage: string, fraction?: number) => void
}

/** What is said of a job that may take long. */
const STAGES: Readonly<Partial<Record<JobName, string>>> = {
  summary: 'Counting pixels',
  covariance: 'Finding how pixels vary together',
  fit: 'Finding the whitening matrix',
  applied: 'Whitening images',
  tallied: 'Counting values',
  distribution: 'Counting values',
  scaleImages: 'Finding the range of values',
  levelRange: 'Finding the range of values',
  levelCounts: 'Counting values of each image',
  imageMoments: 'Measuring each image'
}

/** Whatever is computed on the way to an answer is of its watcher: statistics ask for one another. */
const watchers = new AsyncLocalStorage<Watcher>()

/** What the work computes in threads is told to the watcher, and ends with its signal. */
export function watched<T>(watcher: Watcher, work: () => Promise<T>): Promise<T> {
  return watchers.run(watcher, work)
}

/**
 * Starts the threads while a data set is opened: its images are counted next. Not in the engine of a window,
 * which draws its first pictures meanwhile, and needs every core.
 */
export function startThreads(): void {
  pool.start()
}

/** Threads that would begin with a job at once. */
export function idleThreads(): number {
  return pool.idle
}

/** Does a job in a thread, whoever waits for statistics. */
export async function inThread<Name extends JobName>(
  name: Name,
  asked: Asked<Name>
): Promise<Found<Name>> {
  return (await pool.run(name, asked)) as Found<Name>
}

/** Does a job where it holds nobody up: of few values here, else in a thread. */
export async function work<Name extends JobName>(
  name: Name,
  asked: Asked<Name>,
  values: number
): Promise<Found<Name>> {
  return doJob(name, asked, values, { onStep: told(name) })
}

/**
 * Operations, to the power of 2/3, that a thread assists with before it looks whether there is other work:
 * all of a matrix of 784 x 784, some 100 ms of a large one.
 */
const ASSISTED = 2e9

/** As `work`, in a memory where threads assist that have nothing else to do. */
export async function workTogether<Name extends JobName>(
  name: Name,
  asked: Asked<Name> & { readonly memory?: never },
  values: number
): Promise<Found<Name>> {
  if (values <= AT_ONCE) return work(name, asked, values)
  const memory = newMemory()
  const most = Math.ceil(ASSISTED / values ** (2 / 3))
  let over = false
  const assist = async (): Promise<void> => {
    while (!over) await pool.run('assist', { memory, most })
  }
  const found = work(name, { ...asked, memory }, values)
  const lost = new Promise<never>((_, fail) => {
    for (let other = 1; other < coresHere(); other++) {
      assist().catch((thrown: Error) => {
        loseOfTeam(memory)
        fail(thrown)
      })
    }
  })
  try {
    return await Promise.race([found, lost])
  } finally {
    over = true
    endTeam(memory)
    for (const each of [found, lost]) each.catch(() => undefined)
  }
}

async function doJob<Name extends JobName>(
  name: Name,
  asked: Asked<Name>,
  values: number,
  options: Parameters<ThreadPool['run']>[2]
): Promise<Found<Name>> {
  const here = JOBS[name] as (
    asked: Asked<Name>,
    tools: JobTools
  ) => Found<Name> | Promise<Found<Name>>
  if (values <= AT_ONCE) return here(asked, { kernels: kernelsHere().kernels })
  const signal = watchers.getStore()?.signal
  return (await pool.run(name, asked, { ...options, signal })) as Found<Name>
}

function told(name: JobName): (share: number) => void {
  const watcher = watchers.getStore()
  const stage = STAGES[name]
  return (share) => {
    if (stage !== undefined) watcher?.onProgress(stage, share)
  }
}

/** Memory that threads read without a copy. */
export function sharedRoom(bytes: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(bytes))
}

/** A fitted choice whose numbers threads read without a copy, for many jobs. */
export function sharedChoice(fitted: FittedPreprocessing): FittedPreprocessing {
  const form = Object.entries(fitted.form).map(([key, value]: [string, unknown]) => {
    if (!(value instanceof Float32Array)) return [key, value]
    const copy = new Float32Array(sharedRoom(value.byteLength).buffer)
    copy.set(value)
    return [key, copy]
  })
  return { ...fitted, form: Object.fromEntries(form) as FittedPreprocessing['form'] }
}

/** Does the jobs side by side; what they find is taken in their order. */
export async function inOrder<Name extends JobName>(
  name: Name,
  jobs: readonly Asked<Name>[],
  values: number,
  take: (found: Found<Name>, at: number) => void
): Promise<void> {
  const tell = told(name)
  const shares = new Float64Array(jobs.length)
  const step = (at: number, share: number): void => {
    shares[at] = share
    tell(shares.reduce((sum, one) => sum + one, 0) / jobs.length)
  }
  const running = jobs.map(async (asked, at) => {
    const found = await doJob(name, asked, values, { onStep: (share) => step(at, share) })
    step(at, 1)
    return found
  })
  // the first that fails is what is thrown
  for (const each of running) each.catch(() => undefined)
  for (const [at, each] of running.entries()) take(await each, at)
}

/** Some images of a split cut into parts. */
export function rowParts(dataset: Dataset, split: SplitName, rows: Int32Array): SomeRows[] {
  const size = partSize(rows.length, featuresOf(dataset))
  const parts: SomeRows[] = []
  for (let at = 0; at < rows.length; at += size) {
    parts.push({ dataset, split, rows: rows.slice(at, at + size) })
  }
  return parts
}

/** Whole splits cut into parts, each split from one of its images on. */
export function rangeParts(dataset: Dataset, splits: readonly SplitName[], from = 0): SomeRange[] {
  return splits.flatMap((split) => {
    const count = dataset.splits[split]!.count - from
    const size = partSize(count, featuresOf(dataset))
    return Array.from({ length: Math.ceil(count / size) }, (_, at) => ({
      ...{ dataset, split },
      start: from + at * size,
      count: Math.min(size, count - at * size)
    }))
  })
}

function partSize(images: number, features: number): number {
  return Math.max(1, Math.ceil(PART_VALUES / features), Math.ceil(images / MOST_PARTS))
}
