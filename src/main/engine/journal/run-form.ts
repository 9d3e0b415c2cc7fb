import { z } from 'zod'
import { readJson, writeJson } from '../../../core/study/json'
import { epochRecord, runRecord } from '../../../core/study/record-schema'
import { ENDED_STATUSES } from '../../../core/study/run'
import type { EpochRecord, RunRecord } from '../../../core/study/run'
import { yieldToEventLoop } from '../../processes/event-loop'
import type { RecordForm } from './record-files'

/*
 * A run's file has one line of JSON an event: {"run": …} with everything but the epochs, at its
 * start and again whenever that changed (the last one holds), and {"epoch": …} for each epoch.
 */

const line = z.union([
  z.strictObject({ run: z.looseObject({}) }),
  z.strictObject({ epoch: epochRecord })
])

function runLine({ progress: _, epochs: __, ...run }: RunRecord): string {
  return `${writeJson({ run })}\n`
}

export function epochLine(epoch: EpochRecord): string {
  return `${writeJson({ epoch })}\n`
}

/** The whole file of a run, line by line: an old run's epochs are many. */
function* runLines(record: RunRecord): Generator<string> {
  yield runLine(record)
  for (const epoch of record.epochs) yield epochLine(epoch)
}

/**
 * The run in a file's text; other work gets its turn between lines. A last line that was cut off, as
 * when the power failed, is left out; anything else that is no run throws.
 */
async function readRunLines(text: string): Promise<RunRecord> {
  const lines = text.split('\n').slice(0, -1)
  let run: object | undefined
  const epochs: EpochRecord[] = []
  for (const [at, each] of lines.entries()) {
    if (at % LINES_AT_ONCE === LINES_AT_ONCE - 1) await yieldToEventLoop()
    const read = line.parse(readJson(each))
    if ('run' in read) run = read.run
    else {
      // a run that went on from an earlier state came by its epochs again
      while (epochs.length > 0 && epochs.at(-1)!.epoch >= read.epoch.epoch) epochs.pop()
      epochs.push(read.epoch)
    }
  }
  // checked apart from the epochs, which were checked one by one
  const record = runRecord.parse({ ...run, epochs: [] })
  return { ...record, epochs }
}

const LINES_AT_ONCE = 20

/** Of 0.1.0: the whole record as one JSON. */
async function readRunJson(text: string): Promise<RunRecord> {
  await yieldToEventLoop()
  return runRecord.parse(readJson(text))
}

/** How runs are kept. */
export const RUN_FORM: RecordForm<RunRecord> = {
  folder: 'runs',
  line: runLine,
  lines: runLines,
  // what has ended; before that a lost epoch is the least of the losses
  lasting: ({ status }) => ENDED_STATUSES.includes(status),
  readers: { '.jsonl': readRunLines, '.json': readRunJson }
}
