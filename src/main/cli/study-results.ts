import type { Distributions } from '../../contract/engine'
import type { Dataset } from '../../core/dataset/dataset'
import { sentenceFor } from '../../core/explanation/finding'
import type { Figure } from '../../core/figure/figure'
import { trainingFigure } from '../../core/figure/training'
import { percent } from '../../core/numbers'
import type { ChoiceSpec } from '../../core/preprocessing/preprocessing'
import { groupRuns } from '../../core/study/groups'
import { programJson } from '../../core/study/json'
import type { RunRecord } from '../../core/study/run'
import { STUDY_EXTENSION, writeStudy } from '../../core/study/study'
import type { Study } from '../../core/study/study'
import { distributions, momentsFigure } from '../engine/figures/distributions'
import { OpenSet } from '../engine/dataset/open-set'
import { cacheFolder } from '../user/cache'
import type { Context } from './command'
import type { Output } from './output'
import type * as Renderer from './render'
import { writeWhole } from './results-folder'
import type { ResultFile } from './results-folder'
import { tableLines } from './table'

/** What is told of the images themselves. */
export interface PixelResults {
  readonly figures: readonly Figure[]
  readonly table: Distributions['table']
}

export async function pixelResults(
  dataset: Dataset,
  choices: readonly ChoiceSpec[]
): Promise<PixelResults> {
  const set = new OpenSet(dataset)
  const query = { split: 'train' as const, logCount: true, sharedAxis: false }
  const { figures, overlay, table } = await distributions(set, { ...query, choices: [...choices] })
  const moments = await momentsFigure(set, { split: 'train', choice: { id: 'raw' } })
  return { figures: [...figures, overlay, moments], table }
}

/** Runs with what their numbers say. */
export const withSentences = (records: readonly RunRecord[]) =>
  records.map((record) => ({ ...record, sentence: sentenceFor(record, records) }))

/** Writes figures, numbers and the study file into the folder, all or none. */
export async function writeResults(
  { programFolder, signal }: Context,
  out: string,
  study: Study,
  pixels?: PixelResults
): Promise<readonly ResultFile[]> {
  const { figureFiles, loadFont } = await loadRenderer()
  const curves = (['loss', 'accuracy', 'gradient-norm', 'zero-gradient'] as const).flatMap(
    (measure) => trainingFigure(study.runs, { measure, split: 'test' }) ?? []
  )
  const results = {
    dataset: study.dataset,
    choices: pixels?.table,
    runs: withSentences(study.runs)
  }
  loadFont(programFolder)
  const files = [
    ...[...(pixels?.figures ?? []), ...curves].flatMap(figureFiles),
    { name: 'results.json', bytes: Buffer.from(`${programJson(results, 1)}\n`) },
    { name: `study.${STUDY_EXTENSION}`, bytes: Buffer.from(writeStudy(study)) }
  ]
  signal.throwIfAborted()
  await writeWhole(out, files, signal)
  return files
}

/** One line for each run: its configuration as the figures name it, its accuracy, its end. */
export function sayRuns(output: Output, records: readonly RunRecord[]): void {
  const groups = groupRuns(records)
  const rows = groups.flatMap(({ label, all }) =>
    all.map(({ config, epochs, status }) => [
      label,
      String(config.seed),
      String(config.epochs),
      percent(epochs.at(-1)?.testAccuracy),
      status
    ])
  )
  const columns = [
    { title: 'run' },
    ...['seed', 'epochs', 'test accuracy'].map((title) => ({ title, right: true })),
    { title: 'ended' }
  ]
  for (const line of tableLines(columns, rows)) output.say(line)
}

/** Only a study draws. The canvas looks for fonts in the home folder as it loads, where there must be one. */
function loadRenderer(): Promise<typeof Renderer> {
  process.env.HOME ??= cacheFolder()
  return import('./render')
}
