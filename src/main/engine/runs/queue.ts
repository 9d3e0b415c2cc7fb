import type { Dataset } from '../../../core/dataset/dataset'
import { errorFacts } from '../../../core/error'
import type { ErrorFacts } from '../../../core/error'
import type { RunConfig } from '../../../core/network/config'
import { ENDED_STATUSES } from '../../../core/study/run'
import type { RunRecord } from '../../../core/study/run'
import type { RunOn, Trainers } from '../../processes/trainers'
import type { FromTrainer } from '../../trainer/protocol'
import type { CheckpointPlace } from '../../trainer/checkpoint'
import { lostRecord } from '../journal/lost'
import { assignedRecord, queuedRecord, toldRecord } from './record'
import type { PreparedRun, QueuedRun } from './record'
import { trainerFailure } from './live-trainer'
import type { LiveTrainer, Ready } from './live-trainer'
import { TrainerPool } from './trainer-pool'
import type { SlotTimes, TrainerSlot } from './trainer-slot'

/** Time in which a trainer must have obeyed a cancel; past it the process is ended. */
const CANCEL_MS = 5000

export interface QueueOptions extends Trainers {
  readonly now: () => number
  /** a run waits, and why: said once a run */
  readonly onWait?: (reason: string) => void
  /** fits the run's choice on the images it trains on */
  readonly prepare: (dataset: Dataset, config: RunConfig) => Promise<PreparedRun>
  /** a run was added or changed; `event` is what its trainer told, if it did */
  readonly onChange: (record: RunRecord, event?: FromTrainer, before?: RunRecord) => void
  /** all that the trainer of a run tells of it */
  readonly onTold?: (event: FromTrainer) => void
  /** where a trainer keeps a run's state: one that is lost then goes on from it; default nowhere */
  readonly checkpoint?: (record: RunRecord) => CheckpointPlace | undefined
  /** a trainer became ready or ended */
  readonly onTrainers?: () => void
  /** milliseconds; tests shorten them */
  readonly times?: Partial<SlotTimes> & { readonly cancelMs?: number }
}

interface Entry {
  record: RunRecord
  readonly dataset: Dataset
  slot?: TrainerSlot
  /** what was given the run */
  trainer?: LiveTrainer
  /** asked for while its trainer was not yet at work on it */
  wanted?: 'pause' | 'cancel'
  /** it was told that it waits */
  waits?: boolean
  /** it is taken from its trainer, and waits again */
  moved?: boolean
}

/** Runs that wait, and the trainers that take them one by one. */
export class RunQueue {
  readonly #options: QueueOptions
  readonly #entries = new Map<string, Entry>()
  readonly #pool: TrainerPool
  #waits: Trainers['waits']
  /** what is added waits too */
  #pausedAll = false
  #closed = false

  constructor(options: QueueOptions) {
    this.#options = options
    this.#waits = options.waits
    this.#pool = new TrainerPool(options, {
      onChange: () => options.onTrainers?.(),
      times: options.times
    })
  }

  get records(): RunRecord[] {
    return [...this.#entries.values()].map(({ record }) => record)
  }

  /** of runs that have not ended */
  get datasets(): Dataset[] {
    return [...this.#entries.values()].filter(isOpen).map(({ dataset }) => dataset)
  }

  /** trainers that are ready for work or at it */
  get trainers(): Ready[] {
    return this.#pool.ready
  }

  /** Others train from now on, or what a run waits for may be there. */
  use(trainers: Trainers): void {
    this.#waits = trainers.waits
    const left = this.#pool.use(trainers)
    for (const entry of this.#entries.values()) {
      if (!entry.slot || !left.includes(entry.slot)) continue
      entry.moved = true
      entry.slot.close()
    }
    this.#feed()
  }

  /** see TrainerPool */
  get tensors(): (number | undefined)[] {
    return this.#pool.tensors
  }

  /** Starts the first trainer ahead of need, when what is more urgent has ended. */
  async warm(urgent: Promise<unknown>): Promise<void> {
    await urgent.catch(() => undefined)
    if (this.#closed) return
    await this.#pool.first.start().catch(() => undefined)
  }

  add(dataset: Dataset, runs: readonly QueuedRun[]): void {
    // Who trains anew after all paused runs have ended does not mean the pause any more.
    if (![...this.#entries.values()].some(isOpen)) this.#pausedAll = false
    const entries = runs.map((run): Entry => {
      const waiting = queuedRecord(run, dataset, this.#options.now())
      const status = this.#pausedAll ? 'paused' : (run.status ?? waiting.status)
      return { record: { ...waiting, status }, dataset }
    })
    for (const entry of entries) this.#entries.set(entry.record.id, entry)
    for (const { record } of entries) this.#options.onChange(record)
    this.#feed()
  }

  pause(id: string): void {
    const entry = this.#entries.get(id)
    if (!entry) return
    const { status } = entry.record
    if (status === 'running') {
      entry.wanted = 'pause'
      this.#post(entry, 'pause')
    } else if (status === 'queued') {
      this.#set(entry, { ...entry.record, status: 'paused' })
      this.#feed()
    }
  }

  resume(id: string): void {
    const entry = this.#entries.get(id)
    if (!entry || !isOpen(entry)) return
    if (entry.record.status !== 'paused' && entry.wanted !== 'pause') return
    this.#pausedAll = false
    if (entry.slot) {
      entry.wanted = undefined
      this.#post(entry, 'resume')
    } else this.#set(entry, { ...entry.record, status: 'queued' })
    this.#feed()
  }

  cancel(id: string): void {
    const entry = this.#entries.get(id)
    if (!entry || !isOpen(entry)) return
    const { slot, trainer } = entry
    if (!slot || !trainer) {
      this.#end(entry, 'cancelled')
      return this.#feed()
    }
    entry.wanted = 'cancel'
    this.#post(entry, 'cancel')
    const timer = setTimeout(() => {
      if (entry.trainer === trainer && isOpen(entry)) slot.close()
    }, this.#options.times?.cancelMs ?? CANCEL_MS)
    timer.unref()
  }

  pauseAll(): void {
    this.#pausedAll = true
    for (const id of this.#entries.keys()) this.pause(id)
  }

  resumeAll(): void {
    this.#pausedAll = false
    for (const id of this.#entries.keys()) this.resume(id)
  }

  cancelAll(): void {
    this.#pausedAll = false
    for (const id of [...this.#entries.keys()].reverse()) this.cancel(id)
  }

  /** Ended runs only; the others stay. */
  remove(ids: readonly string[]): RunRecord[] {
    return ids.flatMap((id) => {
      const entry = this.#entries.get(id)
      if (!entry || !ENDED_STATUSES.includes(entry.record.status)) return []
      this.#entries.delete(id)
      return [entry.record]
    })
  }

  /** Cancels what has not ended and ends all trainers at once. */
  close(): void {
    this.#closed = true
    for (const entry of this.#entries.values()) if (isOpen(entry)) this.#end(entry, 'cancelled')
    this.#pool.close()
  }

  #feed(): void {
    if (this.#closed || this.#pausedAll) return
    // what is taken away keeps its place before what waits
    if ([...this.#entries.values()].some(({ moved }) => moved)) return
    for (const slot of this.#pool.free) {
      const next = [...this.#entries.values()].find(
        ({ record, slot: taken }) => record.status === 'queued' && !taken
      )
      if (!next || this.#mustWait(next)) return
      void this.#run(next, slot)
    }
  }

  /** It keeps its place: what comes after it waits too. */
  #mustWait(entry: Entry): boolean {
    const runOn = ({ record: { config }, dataset }: Entry): RunOn => ({ config, dataset })
    const atWork = [...this.#entries.values()].filter(({ slot }) => slot).map(runOn)
    const reason = this.#waits?.(runOn(entry), atWork)
    if (reason === undefined) return false
    if (!entry.waits) this.#options.onWait?.(reason)
    entry.waits = true
    return true
  }

  /** One run from taking it to its end; whatever fails ends the run, never the queue. */
  async #run(entry: Entry, slot: TrainerSlot): Promise<void> {
    entry.slot = slot
    slot.busy = true
    const { id, config } = entry.record
    // Before the work, not after it: what kills the engine here must not be tried for ever.
    this.#set(entry, { ...entry.record, status: 'running' })
    try {
      // both at once; a trainer that dies meanwhile is started again before it is needed
      const starting = slot.start()
      starting.catch(() => undefined)
      const prepared = await this.#options.prepare(entry.dataset, config)
      const { preprocessing, testPreprocessings } = prepared
      await starting
      if (entry.moved) throw trainerFailure('trainer-ended', 'The run was taken from its trainer.')
      const trainer = await slot.start()
      if (!isOpen(entry)) return
      this.#set(entry, assignedRecord(entry.record, trainer.ready!, prepared))
      const ended = trainer.listen((event) => {
        if (!('id' in event) || event.id !== id) return false
        this.#options.onTold?.(event)
        if (isOpen(entry)) {
          this.#set(entry, toldRecord(entry.record, event, this.#options.now()), event)
        }
        if (event.type !== 'ended') return false
        slot.worked()
        return true
      })
      entry.trainer = trainer
      const { dataset } = entry
      const checkpoint = this.#options.checkpoint?.(entry.record)
      const request = { id, config, dataset, preprocessing, testPreprocessings, checkpoint }
      trainer.post({ type: 'train', request })
      if (entry.wanted) this.#post(entry, entry.wanted)
      await ended
    } catch (thrown) {
      if (!isOpen(entry)) return
      const error = errorFacts(thrown)
      if (entry.wanted === 'cancel') this.#end(entry, 'cancelled')
      else if (entry.moved) this.#moved(entry)
      else if (error.code === 'trainer-lost' && this.#options.checkpoint) this.#lost(entry, error)
      else this.#end(entry, 'failed', error)
    } finally {
      entry.slot = undefined
      entry.trainer = undefined
      entry.wanted = undefined
      entry.moved = undefined
      // A failed call leaves the native library in doubt: the next run gets a new process.
      if (entry.record.status === 'failed') slot.close()
      slot.busy = false
      this.#pool.released(slot)
      this.#feed()
    }
  }

  /** Tells the trainer at work on it; where that is gone, the run is about to end anyway. */
  #post({ record: { id }, trainer }: Entry, type: 'pause' | 'resume' | 'cancel'): void {
    if (trainer && !trainer.gone) trainer.post({ type, id })
  }

  /** It waits again, and keeps its place. */
  #lost(entry: Entry, error: ErrorFacts): void {
    const { record, wanted } = entry
    const status = wanted === 'pause' ? 'paused' : record.status
    this.#set(entry, lostRecord({ ...record, status }, error, this.#options.now()))
  }

  /** The same for others, who train it from its beginning or from what was kept. */
  #moved(entry: Entry): void {
    const { record, wanted } = entry
    const status = wanted === 'pause' || record.status === 'paused' ? 'paused' : 'queued'
    const nowhere = { backend: undefined, node: undefined, progress: undefined }
    this.#set(entry, { ...record, ...nowhere, status })
  }

  #end(entry: Entry, status: 'cancelled' | 'failed', error?: ErrorFacts): void {
    const endedAt = this.#options.now()
    this.#set(entry, { ...entry.record, status, error, progress: undefined, endedAt })
  }

  #set(entry: Entry, record: RunRecord, event?: FromTrainer): void {
    if (record === entry.record) return
    const before = entry.record
    entry.record = record
    this.#options.onChange(record, event, before)
  }
}

/** Not ended: waiting, under way or paused. */
function isOpen({ record }: Entry): boolean {
  return !ENDED_STATUSES.includes(record.status)
}
