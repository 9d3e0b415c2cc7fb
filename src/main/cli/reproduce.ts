import { QUESTION_KIND } from '../../core/experiment/kinds/question'
import { findingOf, sentenceFor } from '../../core/explanation/finding'
import { TUTORIAL_CONFIG } from '../../core/network/config'
import { lossOf } from '../../core/network/losses'
import { SETTINGS } from '../../core/network/settings'
import { percent } from '../../core/numbers'
import { choiceRecord } from '../../core/preprocessing/choices'
import type { Command } from './command'
import { settingOption } from './configuration'
import { openQuestionDataset } from './dataset'
import { runExperiment } from './experiment'
import { tableLines } from './table'
import { TRAINER_OPTIONS, trainerSetting } from './training'
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
    const ask = { epochs, seeds: [seed] }
    const { runs: records, outcome } = await runExperiment(
      context,
      dataset,
      QUESTION_KIND,
      ask,
      setting
    )
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
    const { sentence } = outcome
    const { output } = context
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
