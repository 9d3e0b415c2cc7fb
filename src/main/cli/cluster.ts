import { clusterAddress } from '../../contract/cluster'
import type { Dataset } from '../../core/dataset/dataset'
import { RayJobs } from '../cluster/ray-jobs'
import { Cluster } from '../cluster/cluster'
import { clusterTrainers } from '../cluster/cluster-trainers'
import { programOf } from '../cluster/program'
import type { ClusterSource } from '../cluster/job-words'
import type { Trainers } from '../processes/trainers'
import type { Context } from './command'
import { openedFrom } from './dataset'
import { text, UsageError } from './usage'

export const CLUSTER_OPTIONS: readonly (readonly [string, string])[] = [
  [
    '--cluster <url>',
    'Send the work to a Ray cluster, by the address of its dashboard: http://HOST:8265'
  ],
  ['--cluster-program <command>', 'How its nodes call Normscope (the path of this program)']
]

export interface ClusterSetting {
  readonly address: URL
  readonly program?: string
}

/** Read before a data set is opened: a wrong word is told at once. */
export function clusterSetting(
  options: Readonly<Record<string, unknown>>
): ClusterSetting | undefined {
  const given = text(options, 'cluster', '--cluster')
  const program = text(options, 'clusterProgram', '--cluster-program')
  if (given !== undefined) return { address: clusterAddress(given), program }
  if (program === undefined) return undefined
  throw new UsageError('--cluster-program is of no use without --cluster.')
}

/** The cluster, once it has answered; how many jobs it does at once. */
export async function clusterOf(
  { output, programFolder }: Context,
  { address, program }: ClusterSetting
): Promise<{ readonly cluster: Cluster; readonly atOnce: number }> {
  const jobs = new RayJobs(address)
  const { version, cpus } = await jobs.facts()
  const atOnce = Math.max(1, Math.floor(cpus))
  output.log(`note: Ray ${version} at ${address.host} does up to ${atOnce} jobs at once.`)
  return { cluster: new Cluster({ jobs, program: program ?? programOf(programFolder) }), atOnce }
}

/** What the nodes open; the command has opened it here. */
export function clusterSource(dataset: Dataset): ClusterSource {
  const source = openedFrom(dataset)
  if (source) return source
  throw new TypeError(`${dataset.name} was not opened by this command.`)
}

/** Trainers of a cluster, once a node was seen to have the same data. */
export async function trainersOn(
  context: Context,
  setting: ClusterSetting,
  dataset: Dataset,
  { runs, backend }: { readonly runs: number; readonly backend?: 'native' | 'wasm' | 'cpu' }
): Promise<Trainers & { readonly settled: () => Promise<void> }> {
  const { output, signal } = context
  const { cluster, atOnce } = await clusterOf(context, setting)
  output.progress.show('Looking for the data on the cluster')
  const source = clusterSource(dataset)
  const ready = await cluster.check(source, dataset.id, { backend, signal })
  output.progress.clear()
  return {
    spawnTrainer: clusterTrainers({
      cluster,
      sourceOf: openedFrom,
      ready: () => ready!,
      backend,
      log: (line) => output.log(`note: ${line}`)
    }),
    trainers: Math.min(runs, atOnce),
    settled: () => cluster.settled()
  }
}
