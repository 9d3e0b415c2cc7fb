import { deflateSync, inflateSync } from 'node:zlib'
import { z } from 'zod'
import { decode, encode } from '../../contract/codec'
import { NormscopeError } from '../../core/error'
import {
  divergenceSchema,
  epochRecord,
  errorSchema,
  measured,
  probeSchema,
  runResults,
  traceSchema
} from '../../core/study/record-schema'
import type { FromTrainer } from '../trainer/protocol'

const count = z.number().int().min(0)
const id = z.string()
const notes = z.array(z.string())
const bytes = z.instanceof(Uint8Array)

const ready = z.object({
  type: z.literal('ready'),
  backend: z.enum(['tensorflow', 'wasm', 'cpu']),
  tensorflowVersion: z.string().optional(),
  notes
})

const trainerEvent = z.discriminatedUnion('type', [
  z.object({
    ...{ type: z.literal('started'), id, trainCount: count, testCount: count },
    ...{ probe: probeSchema, epochs: z.array(epochRecord).optional() },
    damaged: z.string().optional()
  }),
  z.object({
    ...{ type: z.literal('progress'), id },
    progress: z.object({
      ...{ epoch: count, step: count, stepsPerEpoch: count, fraction: z.number() },
      ...{ imagesPerSecond: measured, secondsLeft: measured.optional() },
      ...{ trainLoss: measured, trainAccuracy: measured, zeroGradientFraction: measured },
      ...{ trappedFraction: measured.optional(), learnedFraction: measured.optional() },
      trace: traceSchema.optional()
    })
  }),
  z.object({ type: z.literal('epoch'), id, record: epochRecord }),
  z.object({
    ...{ type: z.literal('ended'), id, notes },
    status: z.enum(['finished', 'diverged', 'cancelled', 'failed']),
    divergence: divergenceSchema.optional(),
    error: errorSchema.optional(),
    weightsSha256: z.string().optional(),
    weights: bytes.optional(),
    results: runResults.optional(),
    imagesPerSecond: measured.optional()
  }),
  // of no use to who sent the job
  ...(['ready', 'unusable', 'not-kept', 'placed', 'paused', 'resumed', 'rested'] as const).map(
    (type) => z.looseObject({ type: z.literal(type) })
  )
])

const jobEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('checked'), datasetId: z.string(), ready: ready.optional() }),
  z.object({ type: z.literal('summary'), bytes }),
  z.object({ type: z.literal('trainer'), event: trainerEvent }),
  z.object({ type: z.literal('error'), error: errorSchema })
])

/** What a job says in its log, a line each. */
export type JobEvent =
  | { readonly type: 'checked'; readonly datasetId: string; readonly ready?: TrainerReady }
  /** the bytes of a summary file */
  | { readonly type: 'summary'; readonly bytes: Uint8Array }
  | { readonly type: 'trainer'; readonly event: FromTrainer }
  /** nothing is tried again: another try would fail in the same way */
  | { readonly type: 'error'; readonly error: z.infer<typeof errorSchema> }

export type TrainerReady = Extract<FromTrainer, { type: 'ready' }>

/** Begins a line that is meant for whoever sent the job; everything else is for people. */
const MARK = 'normscope-job:'

/** Of one event, unpacked: the weights of a network. */
const MOST_BYTES = 2 ** 28

export function eventLine(event: JobEvent): string {
  return `${MARK}${deflateSync(encode(event)).toString('base64')}.\n`
}

/**
 * The events in a job's log, in order; a line that is not yet whole is left out. Those that are `known`
 * from the same log are not read again. Throws NormscopeError 'cluster-answer' for a line that no job
 * writes.
 */
export function eventsIn(log: string, known: readonly JobEvent[] = []): readonly JobEvent[] {
  const lines = log.split('\n').flatMap((line) => {
    const at = line.indexOf(MARK)
    const text = line.trimEnd()
    return at < 0 || !text.endsWith('.') ? [] : [text.slice(at + MARK.length, -1)]
  })
  return [...known, ...lines.slice(known.length).map(eventOf)]
}

function eventOf(packed: string): JobEvent {
  try {
    const bytes = inflateSync(Buffer.from(packed, 'base64'), { maxOutputLength: MOST_BYTES })
    return jobEvent.parse(decode(bytes)) as JobEvent
  } catch {
    throw new NormscopeError({
      code: 'cluster-answer',
      message:
        'A job of the cluster has written what this version of Normscope does not read, or its log is damaged.',
      expected: 'a line as normscope cluster-job writes it',
      actual: packed.length > 60 ? `${packed.slice(0, 60)}…` : packed,
      hint: 'The nodes must have the same version of Normscope as this computer.'
    })
  }
}
