import { z } from 'zod'
import { experimentRecord } from '../../../core/study/experiment'
import type { Experiment } from '../../../core/study/experiment'
import { readJson, writeJson } from '../../../core/study/json'
import type { RecordForm } from './record-files'

const line = z.strictObject({ experiment: experimentRecord })

const experimentLine = (experiment: Experiment): string => `${writeJson({ experiment })}\n`

/** How experiments are kept: a line each time one changed; the last one holds. */
export const EXPERIMENT_FORM: RecordForm<Experiment> = {
  folder: 'experiments',
  line: experimentLine,
  lines: (experiment) => [experimentLine(experiment)],
  lasting: () => true,
  readers: {
    // a last line that was cut off, as when the power failed, is left out
    '.jsonl': (text) =>
      Promise.resolve(text.split('\n').slice(0, -1)).then(
        (lines) => line.parse(readJson(lines.at(-1) ?? '')).experiment
      )
  }
}
