import {
  findingSentence,
  findingsOf,
  sentenceFor,
  toldFindings
} from '../../core/explanation/finding'
import { grouped, percent, plain } from '../../core/numbers'
import { TRAINER_OPTIONS, showProgress, throwIfFailed, trainAll, trainerSetting } from './training'
import type { Command } from './command'
import {
  CHOICE_OPTION,
  configuration,
  CUSTOM_OPTIONS,
  networkOptions,
  singleChoice
} from './configuration'
import { CLASS_NAMES_OPTION, OPEN_OPTIONS, TEST_OPTION, openFor, PATHS } from './dataset'
import { tableLines } from './table'
import { chanceOf, hasUnequalClasses } from '../../core/study/run'
import type { EpochRecord, RunRecord } from '../../core/study/run'

/** One run, epoch by epoch. */
export const train: Command = {
  usage: `train ${PATHS}`,
  description: 'Train a network on the images with one preprocessing choice',
  options: [
    TEST_OPTION,
    ...OPEN_OPTIONS,
    CLASS_NAMES_OPTION,
    CHOICE_OPTION,
    ...CUSTOM_OPTIONS,
    ...networkOptions(),
    ...TRAINER_OPTIONS
  ],
  example: 'normscope train fashion-mnist --choice unit --epochs 3',
  async run(context, paths, options) {
    const config = configuration(options, singleChoice(options))
    const setting = trainerSetting(options)
    const dataset = await openFor(context, paths, options)
    const [record] = (await trainAll(context, dataset, [config], setting, (run) =>
      showProgress(context, [run], 1)
    )) as [RunRecord]
    throwIfFailed(record)
    const { output } = context
    for (const note of record.notes) output.log(`note: ${note}`)
    output.give({
      backend: record.backend,
      tensorflowVersion: record.tensorflowVersion,
      dataset: { name: record.datasetName, id: record.datasetId },
      config,
      preprocessing: record.preprocessing,
      trainCount: record.trainCount,
      testCount: record.testCount,
      heldOut: record.heldOut,
      initial: record.epochs.filter(({ epoch }) => epoch === 0).map(epochFigures)[0],
      epochs: record.epochs.filter(({ epoch }) => epoch > 0).map(epochFigures),
      chance: chanceOf(record),
      balancedAccuracy: record.epochs.at(-1)?.balancedAccuracy,
      confusion: record.confusion,
      testedUnder: record.testedUnder,
      probe: record.probe,
      imagesPerSecond: record.imagesPerSecond,
      weightsSha256: record.weightsSha256,
      status: record.status,
      divergence: record.divergence,
      notes: record.notes,
      sentence: sentenceFor(record, [record]),
      findings: toldFindings(record)
    })
    for (const line of epochTable(record)) output.say(line)
    output.say(ending(record))
    output.say('')
    for (const found of findingsOf(record)) output.say(findingSentence(found, record))
  }
}

/** The figures of an epoch without those of single layers and units. */
function epochFigures(record: EpochRecord): Omit<EpochRecord, 'layers'> {
  const { layers: _, ...figures } = record
  return figures
}

function epochTable(record: RunRecord): string[] {
  const unequal = hasUnequalClasses(record)
  const titles = ['epoch', 'loss', 'accuracy', 'test loss', 'test accuracy']
  if (unequal) titles.push('balanced')
  const more = ['trapped', 'learned', 'dead units', 'saturated', 'seconds']
  return tableLines(
    [...titles, ...more].map((title) => ({ title, right: true })),
    record.epochs.map((epoch) => [
      String(epoch.epoch),
      plain(epoch.trainLoss, 6),
      percent(epoch.trainAccuracy),
      plain(epoch.testLoss, 6),
      percent(epoch.testAccuracy),
      ...(unequal ? [percent(epoch.balancedAccuracy)] : []),
      percent(epoch.trappedFraction),
      percent(epoch.learnedFraction),
      percent(epoch.deadUnitFraction),
      percent(epoch.saturatedFraction),
      epoch.epoch === 0 ? '' : grouped(epoch.seconds, 2)
    ])
  )
}

function ending(record: RunRecord): string {
  const { divergence } = record
  const rate = `${grouped(record.imagesPerSecond)} images/s with ${record.backend}`
  return divergence
    ? `Diverged in epoch ${divergence.epoch}, step ${divergence.step}: ${divergence.reason}`
    : `${rate}; chance ${percent(chanceOf(record))}; weights ${record.weightsSha256}`
}
