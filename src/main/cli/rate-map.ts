import { MAP_RUN, MAP_SCALES, POINTS, REST } from '../../core/experiment/kinds/rate-map/ask'
import { MAP_AXES } from '../../core/experiment/kinds/rate-map/axes'
import { RATE_MAP } from '../../core/experiment/kinds/rate-map/rate-map'
import { firstSeeds } from '../../core/experiment/seeds'
import { idsOf } from '../../core/network/setting'
import { SETTINGS } from '../../core/network/settings'
import { duration } from '../../core/numbers'
import { trainersAtOnce } from '../processes/trainers-at-once'
import type { Command } from './command'
import {
  CHOICE_OPTION,
  configuration,
  CUSTOM_OPTIONS,
  networkOptions,
  settingOption,
  singleChoice
} from './configuration'
import { OPEN_OPTIONS, TEST_OPTION, openFor, PATHS } from './dataset'
import {
  giveOutcome,
  OUT_OPTION,
  outFolder,
  runExperiment,
  sayOutcome,
  writeOutcome
} from './experiment'
import { TRAINER_OPTIONS, trainerSetting } from './training'
import { number, word } from './usage'

/** For the time that is told before: native training on one core, and what a run needs besides. */
const IMAGES_PER_SECOND = 100_000
const SECONDS_PER_RUN = 0.3

/** Accuracy over a grid of input scales and values of a setting. */
export const rateMap: Command = {
  usage: `rate-map ${PATHS}`,
  description:
    'Map the accuracy by the scale of the input and a setting: is the best as predicted?',
  options: [
    TEST_OPTION,
    ...OPEN_OPTIONS,
    OUT_OPTION,
    CHOICE_OPTION,
    ...CUSTOM_OPTIONS,
    ['--axis <setting>', `The setting: ${idsOf(MAP_AXES).join(', ')} (rate)`],
    ['--rest <how>', 'stay, or move: the rest of the first layer moves with the scale (stay)'],
    ['--points <count>', `Scales, and as many values of the setting (${MAP_SCALES.points})`],
    settingOption('seeds', SETTINGS.seeds, 1),
    ...networkOptions().filter(([flag]) => !/^--seed /.test(flag)),
    ...TRAINER_OPTIONS
  ],
  example: 'normscope rate-map fashion-mnist --choice unit --axis rate',
  async run(context, paths, options) {
    const config = configuration({ ...MAP_RUN, ...options }, singleChoice(options))
    const axis = word(options, 'axis', '--axis', idsOf(MAP_AXES)) ?? 'rate'
    const rest = word(options, 'rest', '--rest', REST) ?? 'stay'
    const points = number(options, 'points', '--points', POINTS) ?? MAP_SCALES.points
    const seeds = firstSeeds(number(options, 'seeds', '--seeds', SETTINGS.seeds.limits) ?? 1)
    const setting = trainerSetting(options)
    const out = await outFolder(options)
    const dataset = await openFor(context, paths, options)
    const ask = { config, axis, rest, points, seeds }
    const facts = { features: 0, classes: 0, trainCount: 0, testCount: 0, inputs: [] }
    const runs = RATE_MAP.plan(ask, facts, []).length
    const images = Math.min(config.limit ?? Infinity, dataset.splits.train.count) * config.epochs
    const seconds = runs * (images / IMAGES_PER_SECOND + SECONDS_PER_RUN)
    const time = duration(seconds / trainersAtOnce(runs).count)
    context.output.log(`note: ${runs} runs, about ${time} at 100,000 images a second`)
    const result = await runExperiment(context, dataset, RATE_MAP, ask, setting)
    giveOutcome(context.output, dataset, ask, result)
    sayOutcome(context.output, result.outcome)
    await writeOutcome(context, out, dataset, ask, result)
  }
}
