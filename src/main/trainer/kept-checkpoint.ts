import { createHash } from 'node:crypto'
import { z } from 'zod'
import { readJson } from '../../core/study/json'
import { epochRecord } from '../../core/study/record-schema'
import type { EpochRecord } from '../../core/study/run'
import type { Weights } from './session'

/** What a run goes on from after an epoch; its order of images and its random numbers follow from the step. */
export interface Checkpoint {
  /** those so far, the first of them before training */
  readonly epochs: readonly EpochRecord[]
  /** steps taken */
  readonly step: number
  readonly startLoss: number
  /** share of each pixel in the first layer's gradient before training */
  readonly pulls?: readonly number[]
  readonly state: Weights
}

/** The first line of a kept state. */
const header = z.object({
  version: z.literal(1),
  of: z.string(),
  epochs: z.number().int().min(1),
  step: z.number().int().min(0),
  startLoss: z.number(),
  pulls: z.array(z.number()).optional(),
  lengths: z.array(z.number().int().min(0)),
  /** of everything behind this line */
  sha256: z.string()
})
export type CheckpointHead = z.infer<typeof header>

/** What the bytes of a file hold; throws where that is not the whole state of the run. */
export function keptCheckpoint(bytes: Buffer, of: string): Checkpoint {
  let at = 0
  const line = (): string => {
    const end = bytes.indexOf(10, at)
    if (end < 0) throw new Error('A line is cut off.')
    const text = bytes.toString('utf8', at, end)
    at = end + 1
    return text
  }
  const head = header.parse(readJson(line()))
  if (head.of !== of) throw new Error('It is of another run.')
  if (createHash('sha256').update(bytes.subarray(at)).digest('hex') !== head.sha256) {
    throw new Error('It is not what was written.')
  }
  const epochs = Array.from({ length: head.epochs }, () => epochRecord.parse(readJson(line())))
  const state = head.lengths.map((length) => {
    // copied: a Float32Array must begin at a multiple of 4 bytes
    const values = new Uint8Array(bytes.subarray(at, at + 4 * length))
    at += 4 * length
    return new Float32Array(values.buffer)
  })
  const { step, startLoss, pulls } = head
  return { epochs, step, startLoss, ...(pulls && { pulls }), state }
}
