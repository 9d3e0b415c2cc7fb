import { findingOf, sentenceFor } from '../../core/explanation/finding'
import { QUESTION_KIND } from '../../core/experiment/kinds/question'
import { QUESTION } from '../../core/network/question'
import { SETTINGS } from '../../core/network/settings'
import { duration } from '../../core/numbers'
import type { Command } from './command'
import { settingOption } from './configuration'
import { openQuestionDataset } from './dataset'
import { runExperiment, sayOutcome } from './experiment'
import { TRAINER_OPTIONS, trainerSetting } from './training'
import { number } from './usage'

/** The question, trained live. */
export const reproduce: Command = {
  usage: 'reproduce',
  description:
    'Train the networks of the question: raw bytes and x / 255 with the tutorial’s settings of 2018, under the loss of 2018, the clipped loss of today and the exact loss',
  options: [
    settingOption('epochs', SETTINGS.epochs, QUESTION.epochs),
    settingOption(
      'seeds',
      { ...SETTINGS.seeds, help: 'runs of each network' },
      QUESTION.seeds.length
    ),
    settingOption('seed', { ...SETTINGS.seed, help: 'the first of the seeds' }, QUESTION.seeds[0]),
    settingOption('limit', SETTINGS.limit),
    ...TRAINER_OPTIONS
  ],
  example: 'normscope reproduce --seeds 3',
  async run(context, _, options) {
    const read = (key: 'epochs' | 'seeds' | 'seed' | 'limit'): number | undefined =>
      number(options, key, `--${key}`, SETTINGS[key].limits)
    const epochs = read('epochs') ?? QUESTION.epochs
    const first = read('seed') ?? QUESTION.seeds[0]
    const count = read('seeds') ?? QUESTION.seeds.length
    const seeds = Array.from({ length: count }, (_each, at) => first + at)
    const limit = read('limit')
    const setting = trainerSetting(options)
    const dataset = await openQuestionDataset(context)
    const { output } = context
    const began = performance.now()
    const ask = { epochs, seeds, ...(limit !== undefined && { limit }) }
    const { runs, outcome } = await runExperiment(context, dataset, QUESTION_KIND, ask, setting)
    const seconds = (performance.now() - began) / 1000
    const [run] = runs
    output.give({
      backend: run?.backend,
      tensorflowVersion: run?.tensorflowVersion,
      dataset: { name: dataset.name, id: dataset.id },
      epochs,
      seeds,
      adamEpsilon: QUESTION.epsilon,
      ...(outcome.data as object),
      runs: runs.map((record) => {
        const last = record.epochs.at(-1)
        return {
          choice: record.config.choice.id,
          loss: record.config.loss,
          seed: record.config.seed,
          status: record.status,
          testAccuracy: last?.testAccuracy,
          zeroGradientFraction: last?.zeroGradientFraction,
          trappedFraction: last?.trappedFraction,
          learnedFraction: last?.learnedFraction,
          deadUnitFraction: last?.deadUnitFraction,
          imagesPerSecond: record.imagesPerSecond,
          weightsSha256: record.weightsSha256,
          finding: findingOf(record, runs)?.code,
          sentence: sentenceFor(record, runs)
        }
      }),
      seconds,
      sentence: outcome.sentence
    })
    output.say(
      `${dataset.name}: ${runs.length} runs of ${epochs} epochs in ${duration(seconds)}, backend ${run?.backend}`
    )
    output.say('')
    sayOutcome(output, outcome)
  }
}
