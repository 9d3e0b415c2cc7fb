import { resolve } from 'node:path'
import { SPLIT_NAMES } from '../../core/dataset/dataset'
import type { Dataset, SplitName } from '../../core/dataset/dataset'
import { summariseShards } from './cluster-summaries'
import { writeSummary } from '../engine/summary/file'
import type { SummaryPart } from '../engine/summary/part'
import { summarisePart } from '../engine/summary/parts'
import type { Shard } from '../engine/summary/parts'
import { CLUSTER_OPTIONS, clusterOf, clusterSetting, clusterSource } from './cluster'
import type { ClusterSetting } from './cluster'
import type { Command, Context } from './command'
import { OPEN_OPTIONS, openFor, PATHS } from './dataset'
import { giveSummary } from './summary-output'
import { number, text, UsageError, word } from './usage'

export const SUMMARY_OUT_OPTION = [
  '--out <file>',
  'Write the summary to this file, for normscope merge'
] as const

const MOST_SHARDS = 1_000_000

/** One pass over the pixels, or over a shard of them. */
export const summarise: Command = {
  usage: `summarise ${PATHS}`,
  description: 'Mean, std, range and classes of the images, in one pass or in shards to be merged',
  options: [
    ...OPEN_OPTIONS,
    ['--split <split>', `${SPLIT_NAMES.join(' or ')} (train)`],
    ['--shard <i/n>', 'Part i of n alone, from 1'],
    SUMMARY_OUT_OPTION,
    ...CLUSTER_OPTIONS,
    ['--shards <count>', 'With --cluster: shards of one job each (4 for each CPU of the cluster)']
  ],
  example: 'normscope summarise fashion-mnist --shard 1/4 --out part-1.summary',
  async run(context, paths, options) {
    const { output, signal } = context
    const split = word(options, 'split', '--split', SPLIT_NAMES) ?? 'train'
    const shard = shardOf(text(options, 'shard', '--shard'))
    const out = text(options, 'out', '--out')
    if (shard.shards > 1 && out === undefined && !output.json) {
      throw new UsageError(
        'A shard without --out is of no use: name the file it is to be written to.'
      )
    }
    const cluster = clusterSetting(options)
    const shards = number(options, 'shards', '--shards', {
      integer: true,
      min: 1,
      max: MOST_SHARDS
    })
    if (cluster && shard.shards > 1) throw new UsageError('Give --shard or --cluster, not both.')
    if (shards !== undefined && !cluster)
      throw new UsageError('--shards is of no use without --cluster.')
    const dataset = await openFor(context, paths, options)
    const part = cluster
      ? await summariseOn(context, cluster, dataset, { split, shards })
      : await summarisePart(dataset, split, shard, {
          signal,
          onProgress: (fraction) => output.progress.show('Reading pixels', fraction)
        })
    output.progress.clear()
    if (out !== undefined) await writeSummary(resolve(out), part)
    giveSummary(output, part, out)
  }
}

function shardOf(given = '1/1'): Shard {
  const [, index, shards] = (/^(\d{1,7})\/(\d{1,7})$/.exec(given) ?? []).map(Number)
  if (
    index !== undefined &&
    shards !== undefined &&
    index >= 1 &&
    index <= shards &&
    shards <= MOST_SHARDS
  ) {
    return { index, shards }
  }
  throw new UsageError(`--shard expects i/n, such as 1/4, with i from 1 to n; not "${given}".`)
}

/** Jobs for each CPU: one that is lost costs little, and the last ones end together. */
const JOBS_A_CPU = 4

async function summariseOn(
  context: Context,
  setting: ClusterSetting,
  dataset: Dataset,
  { split, shards }: { readonly split: SplitName; readonly shards?: number }
): Promise<SummaryPart> {
  const { output, signal } = context
  const { cluster, atOnce } = await clusterOf(context, setting)
  const source = clusterSource(dataset)
  output.progress.show('Looking for the data on the cluster')
  await cluster.check(source, dataset.id, { trains: false, signal })
  return summariseShards(cluster, source, dataset, split, {
    shards: shards ?? JOBS_A_CPU * atOnce,
    atOnce,
    signal,
    onProgress: (fraction) => output.progress.show('Shards on the cluster', fraction),
    onAgain: (reason) => output.log(`note: A shard was sent again: ${reason}`)
  })
}
