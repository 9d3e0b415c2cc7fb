import { grouped, plain } from '../../core/numbers'
import { inspect as inspectSplit } from './inspection'
import type { Command } from './command'
import { CLASS_NAMES_OPTION, OPEN_OPTIONS, openFor, PATHS } from './dataset'
import { tableLines } from './table'
import { word } from './usage'

export const SPLITS = ['train', 'test', 'all'] as const

/** What a data set is: shape, splits, classes, exact sums of its pixels. */
export const inspect: Command = {
  usage: `inspect ${PATHS}`,
  description: 'Describe a data set: shape, splits, classes, exact sums of its pixels',
  options: [...OPEN_OPTIONS, CLASS_NAMES_OPTION, ['--split <split>', 'train, test or all (train)']],
  example: 'normscope inspect fashion-mnist --json',
  async run(context, paths, options) {
    const split = word(options, 'split', '--split', SPLITS) ?? 'train'
    const dataset = await openFor(context, paths, options)
    const report = await inspectSplit(dataset, {
      split,
      signal: context.signal,
      onProgress: (fraction) => context.output.progress.show('Reading pixels', fraction)
    })
    const { output } = context
    output.give(report)
    output.say(`${report.name} (${report.format})`)
    output.say(
      `${grouped(report.splits.train)} train, ${grouped(report.splits.test)} test, ` +
        `${report.height} x ${report.width} x ${report.channels}, ${report.dtype}`
    )
    output.say(`SHA-256 of the pixel values, ${split}: ${report.sha256}`)
    output.say('')
    const { pixels } = report
    const rows = pixels.mean.map((mean, channel) => [
      String(channel),
      String(pixels.sum[channel]),
      plain(mean, 6),
      plain(pixels.std[channel], 6),
      plain(pixels.min[channel], 6),
      plain(pixels.max[channel], 6)
    ])
    const columns = ['channel', 'sum', 'mean', 'std', 'min', 'max']
    for (const line of tableLines(
      columns.map((title) => ({ title, right: true })),
      rows
    )) {
      output.say(line)
    }
    if (pixels.min.every((least, channel) => least === pixels.max[channel])) {
      output.log(
        `note: All values are alike, so there is nothing to learn from. If the images are not blank, the file is not what it should be.`
      )
    }
    output.say('')
    const { classCounts } = report
    if (classCounts === undefined) return output.say('no labels')
    for (const line of tableLines(
      [{ title: 'class' }, { title: 'images', right: true }],
      dataset.classNames.map((name, at) => [name, grouped(classCounts[at])])
    )) {
      output.say(line)
    }
  }
}
