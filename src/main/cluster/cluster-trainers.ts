import type { Dataset } from '../../core/dataset/dataset'
import { errorFacts, NormscopeError } from '../../core/error'
import type { TrainerProcess } from '../processes/channel'
import type { FromTrainer, ToTrainer, TrainRequest } from '../trainer/protocol'
import { LEFT } from './cluster'
import type { Cluster } from './cluster'
import type { TrainerReady } from './job-events'
import type { ClusterSource } from './job-words'
import type { SentJobs } from './sent-jobs'

interface ClusterTrainersOptions {
  readonly cluster: Cluster
  /** what the nodes open a data set from; undefined where that is not known */
  readonly sourceOf: (dataset: Dataset) => ClusterSource | undefined
  /** what a trainer of the cluster said when the data were checked */
  readonly ready: () => TrainerReady
  readonly backend?: 'native' | 'wasm' | 'cpu'
  /** a trainer is told nothing more */
  readonly onEnd?: (trainer: ClusterTrainer) => void
  /** default: what this process sends is not known to one after it */
  readonly sent?: SentJobs
  /** something that a person may want to know */
  readonly log?: (line: string) => void
}

/**
 * Trainers whose runs are jobs of a cluster: they speak as a trainer of this computer does, so that
 * queue, journal and window cannot tell them apart. A paused run is taken off the cluster; when it is
 * resumed, or its node was lost, it is trained anew, and what was told before is not told twice: the
 * same run gives the same epochs. The job that a process before this one sent for a run is taken up.
 */
export function clusterTrainers(options: ClusterTrainersOptions): () => Promise<ClusterTrainer> {
  return () => Promise.resolve(new ClusterTrainer(options))
}

export class ClusterTrainer implements TrainerProcess {
  readonly #options: ClusterTrainersOptions
  readonly #listeners: ((message: unknown) => void)[] = []
  #request: TrainRequest | undefined
  #job: AbortController | undefined
  /** epochs of the run that were told, the state before training among them */
  #epochs = 0
  #started = false

  constructor(options: ClusterTrainersOptions) {
    this.#options = options
  }

  readonly channel = {
    post: (message: unknown) => this.#take(message as ToTrainer),
    onMessage: (listener: (message: unknown) => void) => {
      this.#listeners.push(listener)
      // its process is one of another computer
      queueMicrotask(() => listener({ ...this.#options.ready(), pid: undefined }))
    },
    // it ends only when it is told to
    onClose: () => undefined,
    close: () => this.kill()
  }

  kill(): void {
    this.#request = undefined
    this.#job?.abort()
    this.#options.onEnd?.(this)
  }

  /** It is told nothing more, and its job goes on. */
  leave(): void {
    this.#request = undefined
    this.#job?.abort(LEFT)
  }

  #take(message: ToTrainer): void {
    if (message.type === 'train') {
      this.#request = message.request
      this.#epochs = 0
      this.#started = false
      void this.#train(message.request)
      return
    }
    const request = this.#request
    if (request?.id !== message.id) return
    if (message.type === 'resume') {
      if (!this.#job?.signal.aborted) return
      this.#tell({ type: 'resumed', id: request.id })
      void this.#train(request)
      return
    }
    this.#job?.abort()
    if (message.type === 'pause') this.#tell({ type: 'paused', id: request.id })
    else this.#end(request, { status: 'cancelled' })
  }

  async #train(request: TrainRequest): Promise<void> {
    const job = new AbortController()
    this.#job = job
    const { cluster, sourceOf, backend, log, sent } = this.#options
    const { id, config, dataset } = request
    const notes: string[] = []
    try {
      const source = sourceOf(dataset)
      if (!source) throw noSource(dataset)
      let node: string | undefined
      await cluster.do(
        { kind: 'train', source, datasetId: dataset.id, config, backend },
        {
          signal: job.signal,
          book: sent?.bookOf(cluster.jobs.address.origin, id),
          sent: sent?.of(cluster.jobs.address.origin, id),
          onTakenUp: () => notes.push(WENT_ON),
          onState: (state) => {
            if (state.node === undefined || state.node === node || job.signal.aborted) return
            node = state.node
            this.#tell({ type: 'placed', id, node })
          },
          onAgain: (reason) => {
            notes.push(`The job of this run was sent again: ${reason}`)
            log?.(notes.at(-1)!)
          },
          onEvent: (event) => {
            if (event.type === 'trainer' && !job.signal.aborted)
              this.#pass(request, event.event, notes)
          }
        }
      )
      if (this.#request === request) throw silent()
    } catch (thrown) {
      if (job.signal.aborted || this.#request !== request) return
      this.#end(request, { status: 'failed', error: errorFacts(thrown), notes })
    }
  }

  /** What a node's trainer told of the run, as if it had been told here. */
  #pass(request: TrainRequest, event: FromTrainer, notes: readonly string[]): void {
    const { id } = request
    if (this.#request !== request) return
    switch (event.type) {
      case 'started':
        if (!this.#started) this.#tell({ ...event, id })
        this.#started = true
        break
      case 'progress':
        if (event.progress.epoch >= this.#epochs) this.#tell({ ...event, id })
        break
      case 'epoch':
        if (event.record.epoch < this.#epochs) break
        this.#epochs = event.record.epoch + 1
        this.#tell({ ...event, id })
        break
      case 'ended':
        this.#request = undefined
        this.#tell({ ...event, id, notes: [...event.notes, ...notes] })
        break
    }
  }

  #end(
    request: TrainRequest,
    ended: Pick<Extract<FromTrainer, { type: 'ended' }>, 'status' | 'error'> & {
      readonly notes?: readonly string[]
    }
  ): void {
    this.#request = undefined
    this.#tell({ type: 'ended', id: request.id, notes: [], ...ended })
  }

  #tell(event: FromTrainer): void {
    for (const listener of this.#listeners) listener(event)
  }
}

const WENT_ON = 'Normscope ended while the job of this run was at the cluster, where it went on.'

function silent(): NormscopeError {
  return new NormscopeError({
    code: 'cluster-job-failed',
    message: 'The job of this run ended without a result.',
    hint: 'The nodes must have the same version of Normscope as this computer.'
  })
}

export function noSource({ name }: Dataset): NormscopeError {
  return new NormscopeError({
    code: 'cluster-no-source',
    message: `Where ${name} was opened from is not known, so the cluster cannot open it.`,
    hint: 'Open the data set again from its path.'
  })
}
