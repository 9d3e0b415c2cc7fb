import { findingOf } from '../../core/explanation/finding'
import { questionSentence, sentenceFor } from '../../core/explanation/sentence'
import { TUTORIAL_CONFIG } from '../../core/network/config'
import type { RunConfig } from '../../core/network/config'
import { choiceRecord } from '../../core/preprocessing/choices'
import type { RunRecord } from '../../core/study/run'
import type { Command } from './command'
import { openQuestionDataset } from './dataset'
import { percent, tableLines } from './table'
import { showProgress, throwIfFailed, trainAll, TRAINER_OPTIONS } from './training'
import { number } from './usage'

/** The networks of the question: raw bytes and x / 255, with the loss of 2018 and with the exact one. */
function questionConfigs(epochs: number, seed: number): RunConfig[] {
  return (['clipped', 'exact'] as const).flatMap((loss) =>
    (['raw', 'unit'] as const).map((id) => ({
      ...TUTORIAL_CONFIG,
      choice: { id },
      loss,
      epochs,
      seed
    }))
  )
}

const LOSS_NAMES = { clipped: 'of 2018, clipped', exact: 'exact' } as const

/** The question, trained live. */
export const reproduce: Command = {
  usage: 'reproduce',
  description:
    'Train the networks of the question: raw bytes and x / 255, loss of 2018 and exact loss',
  options: [
    ['--epochs <count>', 'Passes over the training images (3)'],
    ['--seed <number>', 'Fixes initial weights and shuffles (0)'],
    ...TRAINER_OPTIONS
  ],
  example: 'normscope reproduce --epochs 3',
  async run(context, _, options) {
    const epochs = number(options, 'epochs', '--epochs', { integer: true, min: 1, max: 1000 }) ?? 3
    const seed = number(options, 'seed', '--seed', { integer: true, min: 0, max: 4294967295 }) ?? 0
    const dataset = await openQuestionDataset(context)
    const configs = questionConfigs(epochs, seed)
    const latest = new Map<string, RunRecord>()
    const records = await trainAll(context, dataset, configs, options, (record) => {
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
      LOSS_NAMES[run.loss],
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
