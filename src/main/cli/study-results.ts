import { sentenceFor } from '../../core/explanation/finding'
import { reportedExperiments } from '../../core/report/experiments'
import { trainingFigure } from '../../core/figure/training'
import { percent } from '../../core/numbers'
import { groupRuns } from '../../core/study/groups'
import { programJson } from '../../core/study/json'
import type { RunRecord } from '../../core/study/run'
import { writeStudy } from '../../core/study/study'
import { REPORT_EXTENSION, STUDY_EXTENSION } from '../../core/study/study-path'
import type { Study } from '../../core/study/study'
import type { PixelResults } from '../engine/study/pixels'
import { cacheFolder } from '../user/cache'
import type { Context } from './command'
import type { Output } from './output'
import type * as Renderer from './render'
import { writeWhole } from './results-folder'
import type { ResultFile } from './results-folder'
import { tableLines } from './table'

/** Runs with what their numbers say. */
export const withSentences = (records: readonly RunRecord[]) =>
  records.map((record) => ({ ...record, sentence: sentenceFor(record, records) }))

/** Writes figures, numbers and the study file into the folder, all or none. */
export async function writeResults(
  { programFolder, signal, output }: Context,
  out: string,
  study: Study,
  pixels?: PixelResults
): Promise<readonly ResultFile[]> {
  const { figureFiles, loadFont, studyReport } = await loadRenderer()
  const curves = (['loss', 'accuracy', 'gradient-norm', 'zero-gradient'] as const).flatMap(
    (measure) => trainingFigure(study.runs, { measure, split: 'test' }) ?? []
  )
  const reported = reportedExperiments(study)
  const results = {
    dataset: study.dataset,
    choices: pixels?.table,
    runs: withSentences(study.runs),
    ...(reported.length > 0 && { experiments: experimentsData(study) })
  }
  // two experiments may draw figures of one name
  const asked = reported.flatMap(({ outcome }, at) =>
    outcome.figures.map((figure) => ({ ...figure, id: `experiment-${at + 1}-${figure.id}` }))
  )
  loadFont(programFolder)
  const page = await studyReport(study, pixels, {
    signal,
    onProgress: (fraction) => output.progress.show('drawing the report', fraction)
  })
  output.progress.clear()
  const files = [
    ...[...(pixels?.figures ?? []), ...curves, ...asked].flatMap(figureFiles),
    { name: `report.${REPORT_EXTENSION}`, bytes: Buffer.from(page) },
    { name: 'results.json', bytes: Buffer.from(`${programJson(results, 1)}\n`) },
    { name: `study.${STUDY_EXTENSION}`, bytes: Buffer.from(writeStudy(study)) }
  ]
  signal.throwIfAborted()
  await writeWhole(out, files, signal)
  return files
}

/** What was asked in a study and what came out, for programs. */
export const experimentsData = (study: Study): readonly object[] =>
  reportedExperiments(study).map(({ name, kind, question, outcome }) => {
    const { figures: _, parts: _parts, ...rest } = outcome
    return { name, kind, question, ...rest }
  })

/** The sentence of each experiment. */
export function sayExperiments(output: Output, study: Study): void {
  for (const { name, outcome } of reportedExperiments(study)) {
    output.say('')
    output.say(`${name}: ${outcome.sentence}`)
  }
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

/** Only what is written is drawn. The canvas looks for fonts in the home folder as it loads, where there must be one. */
export function loadRenderer(): Promise<typeof Renderer> {
  process.env.HOME ??= cacheFolder()
  return import('./render')
}
