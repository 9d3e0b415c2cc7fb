import { fork } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { standStillTogether } from './apart'
import { childChannel } from './ports'
import { TRAINER_ENVIRONMENT } from './channel'
import type { SpawnTrainer } from './channel'
import { offlineEnvironment } from './offline-environment'
import { tidyGraphs } from './temporary-folder'

interface TrainerOptions {
  readonly programFolder: string
  /** 'native' (default), 'wasm' or 'cpu' */
  readonly backend?: string
  /** TensorFlow's threads inside one trainer; default 1 */
  readonly threads?: number
  /**
   * Each in a session of its own (Linux), so that a browser, which is in another session than this process, goes
   * before them too.
   */
  readonly apart?: boolean
}

/**
 * What glibc heeds: memory of up to 32 MB comes from the heap and stays in it, in large pages. By default the
 * heap may give the end of itself back after every step and get it again, page by page, zeroed.
 */
const HEAP = [
  'mmap_threshold=33554432',
  'trim_threshold=536870912',
  'top_pad=67108864',
  'hugetlb=1'
]

/** What the C side reads when a trainer starts: one thread each, as one trainer runs a core. */
export const TRAINER_PROCESS_ENVIRONMENT: Readonly<Record<string, string>> = {
  TF_NUM_INTRAOP_THREADS: '1',
  TF_NUM_INTEROP_THREADS: '1',
  TF_CPP_MIN_LOG_LEVEL: process.env.TF_CPP_MIN_LOG_LEVEL ?? '2',
  // else TensorFlow convolves without oneDNN on processors that have AVX2 alone, and takes two to three times as long
  TF_ENABLE_ONEDNN_OPTS: '1',
  // else oneDNN plans the gradient of every convolution's kernel anew, step by step
  TF_MKL_OPTIMIZE_PRIMITIVE_MEMUSE: 'false',
  GLIBC_TUNABLES: HEAP.map((setting) => `glibc.malloc.${setting}`).join(':')
}

/** What TensorFlow says at every start, whatever its log level: no news, and not about a fault. */
const START_UP_TALK = [
  /^WARNING: All log messages before absl::InitializeLog/,
  /oneDNN custom operations are on/
]

/** Forks trainers as child processes of Node; what the C library reads must be in their environment. */
export function nodeTrainers({
  programFolder,
  backend,
  threads = 1,
  apart = false
}: TrainerOptions): SpawnTrainer {
  const detached = apart && process.platform === 'linux'
  return async () => {
    const child = fork(join(programFolder, 'trainer.cjs'), [], {
      serialization: 'advanced',
      detached,
      // stdout belongs to the command's result
      stdio: ['ignore', 2, 'pipe', 'ipc'],
      env: {
        ...offlineEnvironment(),
        ...TRAINER_PROCESS_ENVIRONMENT,
        TF_NUM_INTRAOP_THREADS: String(threads),
        ...(backend ? { [TRAINER_ENVIRONMENT.backend]: backend } : {})
      }
    })
    if (detached) standStillTogether(child)
    createInterface({ input: child.stderr! }).on('line', (line) => {
      if (!START_UP_TALK.some((talk) => talk.test(line))) process.stderr.write(`${line}\n`)
    })
    child.once('exit', tidyGraphs)
    return { channel: childChannel(child), pid: child.pid, kill: () => void child.kill('SIGKILL') }
  }
}
