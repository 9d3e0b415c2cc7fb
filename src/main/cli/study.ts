import { resolve } from 'node:path'
import { version } from '../../../package.json'
import { isLabelled } from '../../core/dataset/dataset'
import { unlabelled } from '../../core/format/missing-labels'
import { TRAINING } from '../../core/experiment/kinds/training'
import { SETTINGS } from '../../core/network/settings'
import type { ChoiceSpec } from '../../core/preprocessing/preprocessing'
import type { RunRecord } from '../../core/study/run'
import { createStudy, provenanceOf } from '../../core/study/study'
import { studyIn } from '../../core/study/study-path'
import { OpenSet } from '../engine/dataset/open-set'
import { sha256Of } from '../engine/study/file'
import { pixelResults } from '../engine/study/pixels'
import type { Command } from './command'
import {
  choiceSpecs,
  configuration,
  CUSTOM_OPTIONS,
  networkOptions,
  settingOption
} from './configuration'
import { CLASS_NAMES_OPTION, OPEN_OPTIONS, PATHS, TEST_OPTION, openFor, sourceOf } from './dataset'
import { checkFree } from './results-folder'
import { showStudy } from './stored-study'
import {
  askedKinds,
  asksOf,
  completeExperiments,
  deskOf,
  EXPERIMENTS_OPTION,
  newExperiments,
  SEEDS,
  seedsOf
} from './study-experiments'
import { experimentsData, sayExperiments, sayRuns, writeResults } from './study-results'
import { showProgress, throwIfFailed, trainAll, TRAINER_OPTIONS, trainerSetting } from './training'
import { text, UsageError } from './usage'

const DEFAULT_CHOICES: readonly ChoiceSpec[] = [
  { id: 'raw' },
  { id: 'unit' },
  { id: 'standardised' }
]

/** Choices compared on a data set, as a folder of figures, numbers and the study file. */
export const study: Command = {
  usage: `study ${PATHS}`,
  description:
    'Compare choices on a data set, with experiments where they are named; or show what a study file (.normscope) holds, completed with --out',
  options: [
    [
      '--out <folder>',
      'New or empty folder for figures, results.json and the study file; required, except for a study file'
    ],
    TEST_OPTION,
    ...OPEN_OPTIONS,
    CLASS_NAMES_OPTION,
    ['--choices <ids>', 'Choices separated by commas, or all (raw,unit,standardised)'],
    EXPERIMENTS_OPTION,
    settingOption(
      'seeds',
      { ...SETTINGS.seeds, help: 'seeds, from --seed on' },
      `${SEEDS} with --experiments, else 1`
    ),
    ...CUSTOM_OPTIONS,
    ...networkOptions(),
    ...TRAINER_OPTIONS
  ],
  example:
    'normscope study fashion-mnist --out my-study --choices raw,unit --experiments explain,advise',
  async run(context, paths, options) {
    const stored = studyIn(paths)
    if (stored !== undefined) return showStudy(context, stored, options)
    const given = text(options, 'out', '--out')
    if (!given) throw new UsageError('--out is missing: name a new or empty folder.')
    const out = resolve(given)
    await checkFree(out)
    const choices = choiceSpecs(options, 'choices', '--choices') ?? DEFAULT_CHOICES
    const kinds = askedKinds(options) ?? []
    const seeds = seedsOf(options, kinds.length > 0 ? SEEDS : 1)
    const configs = choices.flatMap((choice) => {
      const config = configuration(options, choice)
      return seeds.map((seed) => ({ ...config, seed: config.seed + seed }))
    })
    const desk = deskOf(
      configs,
      configs.slice(0, seeds.length).map(({ seed }) => seed)
    )!
    const asks = asksOf(kinds, desk)
    const setting = trainerSetting(options)
    const opened = await openFor(context, paths, options)
    if (!isLabelled(opened.splits.train)) throw unlabelled(opened)
    const set = new OpenSet(opened)
    const pixels = await pixelResults(set, choices)
    const training = { kind: TRAINING, ask: { configs } }
    const asked = kinds.length > 0 ? await newExperiments(set, [training, ...asks]) : []
    const latest = new Map<string, RunRecord>()
    const trained = await trainAll(context, opened, configs, setting, (record) => {
      latest.set(record.id, record)
      showProgress(context, [...latest.values()], configs.length)
    })
    trained.forEach(throwIfFailed)
    const { experiments, runs, failed } = await completeExperiments(
      context,
      set,
      asked,
      trained,
      setting
    )
    const dataset = provenanceOf(opened, sourceOf(paths, options))
    const parts = { normscope: version, dataset, choices: [...choices], configs, runs }
    const file = createStudy({ ...parts, ...(experiments.length > 0 && { experiments }) }, sha256Of)
    const files = await writeResults(context, out, file, pixels)
    context.output.give({
      out,
      files: files.map(({ name }) => name),
      ...(experiments.length > 0 && { experiments: experimentsData(file) }),
      reproducible: file.reproducible
    })
    sayRuns(context.output, trained)
    sayExperiments(context.output, file)
    context.output.say(`${files.length} files in ${out}`)
    return failed.length > 0 ? 1 : 0
  }
}
