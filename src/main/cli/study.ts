import { resolve } from 'node:path'
import { version } from '../../../package.json'
import { isLabelled } from '../../core/dataset/dataset'
import { unlabelled } from '../../core/format/missing-labels'
import type { ChoiceSpec } from '../../core/preprocessing/preprocessing'
import type { RunRecord } from '../../core/study/run'
import { createStudy, isStudyPath, provenanceOf } from '../../core/study/study'
import { OpenSet } from '../engine/dataset/open-set'
import { sha256Of } from '../study/file'
import { pixelResults } from '../study/pixels'
import type { Command } from './command'
import { choiceSpecs, configuration, CUSTOM_OPTIONS, networkOptions } from './configuration'
import { CLASS_NAMES_OPTION, LABELS_OPTION, openFor, TEST_OPTION, sourceOf } from './dataset'
import { checkFree } from './results-folder'
import { showStudy } from './stored-study'
import { sayRuns, writeResults } from './study-results'
import { showProgress, throwIfFailed, trainAll, TRAINER_OPTIONS, trainerSetting } from './training'
import { text, UsageError } from './usage'

const DEFAULT_CHOICES: readonly ChoiceSpec[] = [
  { id: 'raw' },
  { id: 'unit' },
  { id: 'standardised' }
]

/** Choices compared on a data set, as a folder of figures, numbers and the study file. */
export const study: Command = {
  usage: 'study <path>',
  description: 'Compare choices on a data set, or show what a study file (.normscope) holds',
  options: [
    [
      '--out <folder>',
      'New or empty folder for figures, results.json and the study file; required, except for a study file'
    ],
    TEST_OPTION,
    LABELS_OPTION,
    CLASS_NAMES_OPTION,
    ['--choices <ids>', 'Choices separated by commas, or all (raw,unit,standardised)'],
    ...CUSTOM_OPTIONS,
    ...networkOptions(),
    ...TRAINER_OPTIONS
  ],
  example: 'normscope study fashion-mnist --out my-study --choices raw,unit --epochs 5',
  async run(context, [path = ''], options) {
    if (isStudyPath(path)) return showStudy(context, path, options)
    const given = text(options, 'out', '--out')
    if (!given) throw new UsageError('--out is missing: name a new or empty folder.')
    const out = resolve(given)
    await checkFree(out)
    const choices = choiceSpecs(options, 'choices', '--choices') ?? DEFAULT_CHOICES
    const configs = choices.map((choice) => configuration(options, choice))
    const setting = trainerSetting(options)
    const opened = await openFor(context, path, options)
    if (!isLabelled(opened.splits.train)) throw unlabelled(opened)
    const pixels = await pixelResults(new OpenSet(opened), choices)
    const latest = new Map<string, RunRecord>()
    const runs = await trainAll(context, opened, configs, setting, (record) => {
      latest.set(record.id, record)
      showProgress(context, [...latest.values()], configs.length)
    })
    runs.forEach(throwIfFailed)
    const dataset = provenanceOf(opened, sourceOf(path, options))
    const file = createStudy({ normscope: version, dataset, choices: [...choices], runs }, sha256Of)
    const files = await writeResults(context, out, file, pixels)
    context.output.give({
      out,
      files: files.map(({ name }) => name),
      reproducible: file.reproducible
    })
    sayRuns(context.output, runs)
    context.output.say(`${files.length} files in ${out}`)
  }
}
