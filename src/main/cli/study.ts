import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { version } from '../../../package.json'
import { isLabelled } from '../../core/dataset/dataset'
import { unlabelled } from '../../core/format/missing-labels'
import { sentenceFor } from '../../core/explanation/finding'
import type { Figure } from '../../core/figure/figure'
import { trainingFigure } from '../../core/figure/training'
import { percent } from '../../core/numbers'
import type { ChoiceSpec } from '../../core/preprocessing/preprocessing'
import { choiceRecord } from '../../core/preprocessing/choices'
import { programJson } from '../../core/study/json'
import { createStudy, provenanceOf, writeStudy } from '../../core/study/study'
import type { RunRecord } from '../../core/study/run'
import { cacheFolder } from '../user/cache'
import { distributions, momentsFigure } from '../engine/distributions'
import { OpenSet } from '../engine/open-set'
import type { Command } from './command'
import { choiceSpecs, configuration, CUSTOM_OPTIONS, networkOptions } from './configuration'
import { CLASS_NAMES_OPTION, openFor } from './dataset'
import type * as Renderer from './render'
import { checkFree, writeWhole } from './results-folder'
import { tableLines } from './table'
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
  description:
    'Compare choices on a data set: figures, results.json and the study file in a folder',
  options: [
    ['--out <folder>', 'New or empty folder for the results'],
    ['--test <path>', 'Images to test on, where the data set has none'],
    ['--labels <file>', 'Labels of the images, where they cannot be found by name'],
    CLASS_NAMES_OPTION,
    ['--choices <ids>', 'Choices with commas between, or all (raw,unit,standardised)'],
    ...CUSTOM_OPTIONS,
    ...networkOptions(),
    ...TRAINER_OPTIONS
  ],
  example: 'normscope study fashion-mnist --out my-study --choices raw,unit --epochs 5',
  async run(context, [path = ''], options) {
    const given = text(options, 'out', '--out')
    if (!given) throw new UsageError('--out is missing: name a new or empty folder.')
    const out = resolve(given)
    await checkFree(out)
    const { figureFiles, loadFont } = await loadRenderer()
    const choices = choiceSpecs(options, 'choices', '--choices') ?? DEFAULT_CHOICES
    const configs = choices.map((choice) => configuration(options, choice))
    const setting = trainerSetting(options)
    const opened = await openFor(context, path, options)
    if (!isLabelled(opened.splits.train)) throw unlabelled(opened)
    const set = new OpenSet(opened)
    const query = {
      split: 'train' as const,
      choices: [...choices],
      logCount: true,
      sharedAxis: false
    }
    const pixels = await distributions(set, query)
    const moments = await momentsFigure(set, { split: 'train', choice: { id: 'raw' } })

    const latest = new Map<string, RunRecord>()
    const records = await trainAll(context, opened, configs, setting, (record) => {
      latest.set(record.id, record)
      showProgress(context, [...latest.values()], configs.length)
    })
    records.forEach(throwIfFailed)

    const figures: Figure[] = [
      ...pixels.figures,
      pixels.overlay,
      moments,
      ...(['loss', 'accuracy', 'gradient-norm', 'zero-gradient'] as const).flatMap(
        (measure) => trainingFigure(records, { measure, split: 'test' }) ?? []
      )
    ]
    const results = {
      dataset: provenanceOf(opened),
      choices: pixels.table,
      runs: records.map((record) => ({
        ...record,
        sentence: sentenceFor(record, records)
      }))
    }
    const sha256 = (words: string): string => createHash('sha256').update(words).digest('hex')
    const file = createStudy(
      { normscope: version, dataset: provenanceOf(opened), choices: [...choices], runs: records },
      sha256
    )
    loadFont(context.programFolder)
    const files = [
      ...figures.flatMap(figureFiles),
      { name: 'results.json', bytes: Buffer.from(`${programJson(results, 1)}\n`) },
      { name: 'study.normscope', bytes: Buffer.from(writeStudy(file)) }
    ]
    context.signal.throwIfAborted()
    await writeWhole(out, files, context.signal)
    context.output.give({
      out,
      files: files.map(({ name }) => name),
      reproducible: file.reproducible
    })
    const rows = records.map((record) => {
      const last = record.epochs[record.epochs.length - 1]
      return [
        choiceRecord(record.config.choice.id).name,
        percent(last?.testAccuracy),
        record.status
      ]
    })
    const columns = [{ title: 'choice' }, { title: 'test accuracy', right: true }, { title: 'run' }]
    for (const line of tableLines(columns, rows)) context.output.say(line)
    context.output.say(`${files.length} files in ${out}`)
  }
}

/** Only a study draws. The canvas looks for fonts in the home folder as it loads, where there must be one. */
function loadRenderer(): Promise<typeof Renderer> {
  process.env.HOME ??= cacheFolder()
  return import('./render')
}
