import { grouped } from '../../core/numbers'
import { channelMoments } from '../../core/statistics/moments'
import { missingRanges, wholeSummary } from '../engine/summary/part'
import type { SummaryPart } from '../engine/summary/part'
import type { Output } from './output'
import { tableLines } from './table'

const COLUMNS = ['channel', 'mean', 'std', 'min', 'max'].map((title) => ({ title, right: true }))

/** As a person takes it over into code: ten digits, none of them grouped. */
const constant = (value: number): string => String(Number(value.toPrecision(10)))

/** What a part says: the moments where it has all images of the split, else how many it has. */
export function giveSummary(output: Output, part: SummaryPart, out: string | undefined): void {
  const { set, classCounts } = part
  const { id, name, split, images, height, width, channels, dtype, classNames } = set
  const missing = missingRanges(part)
  const summary = missing.length === 0 ? wholeSummary(part) : undefined
  const pixels = summary && channelMoments(summary)
  const count = images - missing.reduce((sum, { from, to }) => sum + to - from, 0)
  output.give({
    dataset: { id, name },
    ...{ split, images, count, missing },
    ...{ height, width, channels, dtype, classNames, classCounts, pixels, out }
  })
  output.say(`${name}, ${split}: ${height} x ${width} x ${channels}, ${dtype}`)
  if (!pixels) {
    output.say(
      `${grouped(count)} of ${grouped(images)} images. Mean and std follow once all shards are merged.`
    )
  } else {
    output.say(`${grouped(images)} images; std is the population's`)
    output.say('')
    const rows = pixels.mean.map((mean, channel) => [
      String(channel),
      ...[mean, pixels.std[channel]!, pixels.min[channel]!, pixels.max[channel]!].map(constant)
    ])
    for (const line of tableLines(COLUMNS, rows)) output.say(line)
  }
  if (classCounts) {
    output.say('')
    const rows = classNames.map((label, at) => [label, grouped(classCounts[at])])
    const columns = [{ title: 'class' }, { title: 'images', right: true }]
    for (const line of tableLines(columns, rows)) output.say(line)
  }
  if (out !== undefined) output.say(`Written to ${out}`)
}
