import { z } from 'zod'
import type { Dataset } from '../dataset/dataset'
import { NormscopeError } from '../error'
import type { RunConfig } from '../network/config'
import { FORMATS } from '../format/formats'
import { choiceSpec, runConfig } from './config-schema'
import { studyWithin } from './embedded'
import { canonicalJson, readJson, writeJson } from './json'
import { experimentRecord } from './experiment'
import { openedFrom } from './opened-from'
import type { Experiment } from './experiment'
import { runRecord } from './record-schema'
import { ENDED_STATUSES } from './run'
import type { EpochRecord, RunRecord } from './run'

/** Version of the file's form; a file of a later one is refused, not guessed at. */
const STUDY_VERSION = 1

const count = z.number().int().min(0)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal digits')

const provenance = z.object({
  /** SHA-256 of the content: the same images and labels have the same id wherever they lie */
  id: z.string().min(1),
  name: z.string(),
  format: z.enum(FORMATS.map(({ id }) => id)),
  height: count,
  width: count,
  channels: count,
  dtype: z.enum(['uint8', 'uint16', 'float32']),
  classNames: z.array(z.string()),
  trainCount: count,
  testCount: count.optional(),
  sources: z.array(z.object({ path: z.string(), bytes: count, sha256: z.string() })),
  /** what the data set was opened from; absent in files of 0.1.0 */
  openedFrom: openedFrom.optional(),
  warnings: z.array(z.string()),
  heldOut: z.object({ fraction: z.number(), seed: count }).optional()
})

const studySchema = z.object({
  version: z.literal(STUDY_VERSION),
  /** the app's version that wrote the file */
  normscope: z.string(),
  dataset: provenance,
  choices: z.array(choiceSpec),
  configs: z.array(runConfig),
  runs: z.array(runRecord),
  /** what the runs were made for; absent in files of older versions */
  experiments: z.array(experimentRecord).optional(),
  /** SHA-256 over `reproducibleText`: equal where a repetition gave the same results */
  reproducible: sha256
})

/** Where the images of a study came from: enough to tell whether another set is the same one. */
export type Provenance = z.infer<typeof provenance>

/** A study file (.normscope): what was compared on which images, and what came out. */
export type Study = z.infer<typeof studySchema>

export function provenanceOf(dataset: Dataset, openedFrom?: Provenance['openedFrom']): Provenance {
  const { splits, sources, classNames, warnings, ...rest } = dataset
  const { id, name, format, height, width, channels, dtype, heldOut } = rest
  return {
    ...{ id, name, format, height, width, channels, dtype },
    classNames: [...classNames],
    trainCount: splits.train.count,
    ...(splits.test ? { testCount: splits.test.count } : {}),
    sources: sources.map((source) => ({ ...source })),
    ...(openedFrom ? { openedFrom } : {}),
    warnings: [...warnings],
    ...(heldOut ? { heldOut } : {})
  }
}

/**
 * A study of ended runs; `configs` are those of the runs where none are given. `sha256Of` hashes a
 * text as UTF-8 and returns hexadecimal digits.
 */
export function createStudy(
  parts: Pick<Study, 'normscope' | 'dataset' | 'choices'> & {
    readonly runs: readonly RunRecord[]
    readonly configs?: readonly RunConfig[]
    readonly experiments?: readonly Experiment[]
  },
  sha256Of: (text: string) => string
): Study {
  const runs = parts.runs
    .filter(({ status }) => ENDED_STATUSES.includes(status))
    .map(({ progress: _, ...record }) => record)
  const configs = [...(parts.configs ?? runs.map(({ config }) => config))]
  const ids = new Set(runs.map(({ id }) => id))
  const experiments = parts.experiments?.map(({ runIds, ...experiment }) => ({
    ...experiment,
    runIds: runIds.filter((id) => ids.has(id))
  }))
  const { experiments: _, ...rest } = parts
  const study = {
    ...{ ...rest, configs, runs, reproducible: '' },
    version: STUDY_VERSION,
    ...(experiments && { experiments })
  } as const
  return { ...study, reproducible: sha256Of(reproducibleText(study)) }
}

/**
 * What a repetition on the same machine must give again, as one text: images, configurations and
 * results; no times, rates, paths, identifiers or names. Runs are in the order of their
 * configurations' texts, for queues end them in any order.
 */
export function reproducibleText(study: Pick<Study, 'dataset' | 'runs'>): string {
  const results = study.runs.map(({ config, status, epochs, weightsSha256, divergence }) =>
    canonicalJson({ config, status, weightsSha256, divergence, epochs: epochs.map(withoutTimes) })
  )
  return `[${[canonicalJson(study.dataset.id), ...results.sort()].join(',')}]`
}

function withoutTimes({ seconds: _, imagesPerSecond: __, ...measured }: EpochRecord): object {
  return measured
}

export function writeStudy(study: Study): string {
  return `${writeJson(study, 1)}\n`
}

/**
 * The study in the text of a study file or of a report.
 * Throws `not-a-study` (not JSON, or something else in JSON), `unknown-study-version`,
 * `damaged-study` (a part is missing or wrong, or its hash does not fit its results).
 */
export function parseStudy(text: string, sha256Of: (text: string) => string, path?: string): Study {
  const read = parsed(text, path)
  const version = (read as { version?: unknown } | null)?.version
  if (typeof version !== 'number') {
    throw new NormscopeError({
      code: 'not-a-study',
      message: 'This file is JSON, but not a Normscope study: it names no version.',
      path
    })
  }
  if (version !== STUDY_VERSION) {
    throw new NormscopeError({
      code: 'unknown-study-version',
      message: `This study file has version ${version}; this Normscope reads version ${STUDY_VERSION}. Open it with the Normscope that wrote it, or a newer one.`,
      path,
      expected: String(STUDY_VERSION),
      actual: String(version)
    })
  }
  const checked = studySchema.safeParse(read)
  if (!checked.success) {
    throw new NormscopeError({
      code: 'damaged-study',
      message: `This study file is not complete: ${z.prettifyError(checked.error)}`,
      path
    })
  }
  // over what stands in the file: parameters that were added since have their defaults in the data only
  const actual = sha256Of(reproducibleText(read as Study))
  if (actual !== checked.data.reproducible) {
    throw new NormscopeError({
      code: 'damaged-study',
      message:
        'The results in this study file do not fit its own hash: it was changed after it was written. Use an unchanged copy.',
      path,
      expected: checked.data.reproducible,
      actual
    })
  }
  return checked.data
}

function parsed(text: string, path: string | undefined): unknown {
  const page = /^\s*</.test(text)
  const within = page ? studyWithin(text) : text
  if (within === undefined) {
    throw new NormscopeError({
      code: 'not-a-study',
      message: 'This page holds no Normscope study: it is no report, or not a whole one.',
      path
    })
  }
  try {
    return readJson(within)
  } catch (thrown) {
    throw new NormscopeError({
      code: 'not-a-study',
      message: `This file is not a Normscope study: it is not JSON (${(thrown as Error).message}).`,
      path
    })
  }
}
