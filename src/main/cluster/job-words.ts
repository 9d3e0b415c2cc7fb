import { z } from 'zod'
import { SPLIT_NAMES } from '../../core/dataset/dataset'
import { NormscopeError } from '../../core/error'
import { grouped } from '../../core/numbers'
import { runConfig } from '../../core/study/config-schema'
import { openedFromFields } from '../../core/study/opened-from'
import { readJson, writeJson } from '../../core/study/json'

const source = z.strictObject(openedFromFields)

const backend = z.enum(['native', 'wasm', 'cpu']).optional()

const requestSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('check'), source, trains: z.boolean(), backend }),
  z.strictObject({
    kind: z.literal('summary'),
    source,
    datasetId: z.string(),
    split: z.enum(SPLIT_NAMES),
    index: z.number().int().positive(),
    shards: z.number().int().positive()
  }),
  z.strictObject({
    kind: z.literal('train'),
    source,
    datasetId: z.string(),
    config: runConfig,
    backend
  })
])

/** What one job of a cluster is to do. */
export type JobRequest = z.infer<typeof requestSchema>

/** Where every node finds the data. */
export type ClusterSource = JobRequest['source']

/** Linux takes words of up to 131,072 letters. */
const MOST_LETTERS = 120_000

/** A request as one word of a command line. Throws NormscopeError 'job-too-long'. */
export function requestWord(request: JobRequest): string {
  const word = Buffer.from(writeJson(request)).toString('base64url')
  if (word.length <= MOST_LETTERS) return word
  const { paths } = request.source
  throw new NormscopeError({
    code: 'job-too-long',
    message: `A job that names ${grouped(paths.length)} files is longer than a command line may be. Name them by a pattern such as '/data/*.npz', or by @list.txt.`,
    path: paths[0],
    expected: `at most ${grouped(MOST_LETTERS)} letters`,
    actual: `${grouped(word.length)} letters`
  })
}

/** Throws NormscopeError 'job-request' for anything that `requestWord` does not write. */
export function requestOf(word: string): JobRequest {
  try {
    return requestSchema.parse(readJson(Buffer.from(word, 'base64url').toString()))
  } catch {
    throw new NormscopeError({
      code: 'job-request',
      message:
        'This is not a job of a cluster. normscope study, explain and summarise send such jobs with --cluster.',
      hint: 'Where a job of the cluster says this, another version of Normscope is installed there.'
    })
  }
}
