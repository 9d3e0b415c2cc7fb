import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { encode } from '../../src/contract/codec'
import type { EngineEvents } from '../../src/contract/engine'
import { valueOf } from '../../src/core/error'
import { reportHtml } from '../../src/core/report/report'
import { createSummary } from '../../src/core/statistics/summary'
import { readJson } from '../../src/core/study/json'
import { writeStudy } from '../../src/core/study/study'
import { requestOf, requestWord } from '../../src/main/cluster/job-words'
import { createEngine } from '../../src/main/engine/engine'
import { EXPERIMENT_FORM } from '../../src/main/engine/journal/experiment-form'
import { RUN_FORM } from '../../src/main/engine/journal/run-form'
import { readStudy } from '../../src/main/engine/study/file'
import { readSummary, summaryOf } from '../../src/main/engine/summary/file'
import { mergeParts } from '../../src/main/engine/summary/part'
import { readCheckpoint } from '../../src/main/trainer/checkpoint'
import { run, studyText } from '../../tests/core/study/small-study'
import { Wrong } from '../subject'
import type { FileSet, Subject } from '../subject'

const words = (text: string): Uint8Array => Buffer.from(text)
const json = (value: unknown): Uint8Array => words(JSON.stringify(value))

const kept = (id: string) => ({ ...run, id, createdAt: id.length })
const weights = new Uint8Array(32)
const experiment = {
  ...{
    id: 'e',
    name: 'Choices',
    kind: 'choices',
    ask: {},
    facts: { features: 4, classes: 2, trainCount: 4, testCount: 2, inputs: [] }
  },
  ...{ datasetId: run.datasetId, datasetName: run.datasetName, createdAt: 1, runIds: ['a', 'bb'] }
}

/** Runs as this version and the first one kept them, and what is kept beside them. */
const JOURNAL: FileSet = {
  'runs/a.jsonl': words([...RUN_FORM.lines(kept('a'))].join('')),
  'runs/bb.json': json(kept('bb')),
  'runs/ccc.jsonl': words([...RUN_FORM.lines({ ...kept('ccc'), status: 'running' })].join('')),
  'experiments/e.jsonl': words([...EXPERIMENT_FORM.lines(experiment)].join('')),
  'weights/a.float32': weights,
  'checkpoints/ccc.checkpoint': weights,
  'recent.json': json([{ paths: ['/a', '/b'], name: 'a', openedAt: 1 }]),
  'class-names.json': json({ [run.datasetId]: ['dark', 'bright'] }),
  'cluster-jobs.json': json([{ address: 'http://127.0.0.1:1', run: 'a', id: 'normscope-1' }]),
  'cluster.json': json({ address: 'http://127.0.0.1:1', on: false })
}

const fileNames = (folder: string): string[] => readdirSync(folder, { recursive: true }).map(String)

/** What an engine that starts in the folder shows, and that it can be used. */
async function started(folder: string): Promise<readonly { readonly id: string }[]> {
  const emit = new Proxy({} as EngineEvents, { get: () => () => undefined })
  const engine = createEngine({
    ...{ folder, emit, trainers: 1, now: () => 1e12 },
    spawnTrainer: () => new Promise(() => undefined)
  })
  try {
    const runs = valueOf(await engine.api.runs({}))
    valueOf(await engine.api.status({}))
    valueOf(await engine.api.experiments({}))
    return runs
  } finally {
    await engine.close()
  }
}

const textOf = (value: object): string => JSON.stringify(value)
const idsOf = (runs: readonly { readonly id: string }[]): string => textOf(runs.map(({ id }) => id))

/** Of one epoch and two lists of weights, as `CheckpointWriter` has it. */
function checkpoint(): Uint8Array {
  const body = Buffer.concat([json(run.epochs[0]), words('\n'), weights])
  const sha256 = createHash('sha256').update(body).digest('hex')
  const head = { version: 1, of: 'run', epochs: 1, step: 3, startLoss: 2, lengths: [5, 3], sha256 }
  return Buffer.concat([json(head), words('\n'), body])
}

const shape = { height: 2, width: 2, channels: 1, dtype: 'uint8' } as const
const { featureCounts, channelCounts, leadingCounts } = createSummary(shape)
const summary = {
  ...{ kind: 'normscope summary', version: 1, classCounts: [1, 1] },
  set: {
    ...{ ...shape, id: run.datasetId, name: 'a', split: 'train', images: 2 },
    classNames: ['a', 'b']
  },
  pieces: [{ from: 0, to: 2, count: 2, featureCounts, channelCounts, leadingCounts }]
}

/** What the app itself has written. */
export const RECORDS: Readonly<Record<string, Subject>> = {
  study: {
    files: () => ({ 'a.normscope': words(studyText) }),
    async read({ folder, file }) {
      const study = await readStudy(join(folder, file))
      reportHtml({ study, typeface: '', draw: () => '' })
      if (textOf(study) !== textOf(readJson(writeStudy(study)) as object)) {
        throw new Wrong('a study that is written again is another one')
      }
      return 'study'
    }
  },
  journal: {
    files: () => JOURNAL,
    async read({ folder, file }) {
      const before = fileNames(folder).length
      const first = await started(folder)
      for (const id of ['a', 'bb', 'ccc']) {
        const damaged = file.includes(`/${id}.json`)
        if (!damaged && !first.some((each) => each.id === id)) throw new Wrong(`${id} is lost`)
      }
      const names = fileNames(folder)
      if (names.length < before) throw new Wrong(`of ${before} files there are ${names.join(' ')}`)
      if (idsOf(await started(folder)) !== idsOf(first)) {
        throw new Wrong('a second start shows other runs')
      }
      return names.some((name) => name.endsWith('.damaged')) ? 'journal, set aside' : 'journal'
    }
  },
  checkpoint: {
    files: () => ({ 'a.checkpoint': checkpoint() }),
    async read({ folder, file }) {
      const path = join(folder, file)
      const size = readFileSync(path).length
      const found = await readCheckpoint({ file: path, of: 'run' })
      if (found.checkpoint) return 'checkpoint'
      if (!found.damaged || !existsSync(found.damaged)) throw new Wrong('it was not set aside')
      if (readFileSync(found.damaged).length !== size) throw new Wrong('it was changed')
      return 'checkpoint, set aside'
    }
  },
  summary: {
    files: () => ({ 'a.summary': gzipSync(encode(summary)) }),
    async read({ folder, file }) {
      mergeParts([await readSummary(join(folder, file))])
      return 'summary'
    }
  },
  'summary, not gzipped again': {
    files: () => ({ 'a.cbor': encode(summary) }),
    async read({ folder, file }) {
      mergeParts([await summaryOf(gzipSync(readFileSync(join(folder, file))), file)])
      return 'summary'
    }
  },
  job: {
    files: () => ({
      job: words(requestWord({ kind: 'check', source: { paths: ['/a'] }, trains: true }))
    }),
    read({ folder, file }) {
      requestOf(readFileSync(join(folder, file), 'latin1'))
      return Promise.resolve('job')
    }
  }
}
