import { findingOf, sentenceFor } from '../../core/explanation/finding'
import { questionSentence } from '../../core/explanation/question'
import { TUTORIAL_CONFIG } from '../../core/network/config'
import { lossOf } from '../../core/network/losses'
import { questionConfigs } from '../../core/network/question'
import { SETTINGS } from '../../core/network/settings'
import { percent } from '../../core/numbers'
import { choiceRecord } from '../../core/preprocessing/choices'
import type { RunRecord } from '../../core/study/run'
import type { Command } from './command'
import { settingOption } from './configuration'
import { openQuestionDataset } from './dataset'
import { tableLines } from './table'
import { showProgress, throwIfFailed, trainAll, TRAINER_OPTIONS, trainerSetting } from './training'
import { number } from './usage'

/** The question, trained live. */
export const reproduce: Command = {
  usage: 'reproduce',
  description:
    'Train the networks of the question: raw bytes and x / 255, each with the loss of 2018 and the exact loss',
  options: [
    settingOption('epochs', SETTINGS.epochs, TUTORIAL_CONFIG.epochs),
    settingOption('seed', SETTINGS.seed, TUTORIAL_CONFIG.seed),
    ...TRAINER_OPTIONS
  ],
  example: 'normscope reproduce --epochs 3',
  async run(context, _, options) {
    const epochs =
      number(options, 'epochs', '--epochs', SETTINGS.epochs.limits) ?? TUTORIAL_CONFIG.epochs
    const seed = number(options, 'seed', '--seed', SETTINGS.seed.limits) ?? TUTORIAL_CONFIG.seed
    const setting = trainerSetting(options)
    const dataset = await openQuestionDataset(context)
    const configs = questionConfigs({ epochs, seed })
    const latest = new Map<string, RunRecord>()
    const records = await trainAll(context, dataset, configs, setting, (record) => {
      latest.set(record.id, record)
      showProgress(context, [...latest.values()], configs.length)
    })
    records.forEach(throwIfFailed)
    const runs = records.map((record) => {
      const last = record.epochs[record.epochs.length - 1]
      return {
        choice: record.config.choice.id,
        loss: record.config.loss,
        status: record.status,
        testAccuracy: last?.testAccuracy,
        zeroGradientFraction: last?.zeroGradientFraction,
        deadUnitFraction: last?.deadUnitFraction,
        imagesPerSecond: record.imagesPerSecond,
        weightsSha256: record.weightsSha256,
        finding: findingOf(record)?.id,
        sentence: sentenceFor(record, records)
      }
    })
    const [first] = records
    const sentence = questionSentence(records)
    const { output } = context
    for (const note of first?.notes ?? []) output.log(`note: ${note}`)
    output.give({
      backend: first?.backend,
      tensorflowVersion: first?.tensorflowVersion,
      dataset: { name: dataset.name, id: dataset.id },
      epochs,
      seed,
      runs,
      sentence
    })
    output.say(`${dataset.name}, ${epochs} epochs, seed ${seed}, backend ${first?.backend}`)
    output.say('')
    const titles = ['test accuracy', 'no gradient', 'dead units']
    const columns = [
      { title: 'choice' },
      { title: 'loss' },
      ...titles.map((title) => ({ title, right: true }))
    ]
    const rows = runs.map((run) => [
      choiceRecord(run.choice).name,
      lossOf(run.loss).name,
      percent(run.testAccuracy),
      percent(run.zeroGradientFraction),
      percent(run.deadUnitFraction)
    ])
    for (const line of tableLines(columns, rows)) output.say(line)
    output.say('')
    for (const run of runs) output.say(run.sentence)
    output.say('')
    output.say(sentence)
  }
}
