import type { ClusterFacts, ClusterStatus } from '../../contract/cluster'
import { grouped } from '../../core/numbers'

const hostOf = (address: string): string => new URL(address).hostname

/** 'Ray at 10.0.0.1' */
export function clusterName({ address }: Pick<ClusterStatus, 'address'>): string {
  return `Ray at ${hostOf(address)}`
}

/** How it is, in a few words. */
export function clusterWords(cluster: ClusterStatus): string {
  const name = clusterName(cluster)
  if (cluster.problem) return `${name} takes no runs`
  if (!cluster.facts) return `${name}: no answer yet`
  if (cluster.checking) return `${name}: looks for the images`
  return `${name}, ${cpuWords(cluster.facts)}`
}

const cpuWords = ({ cpus }: ClusterFacts): string =>
  cpus === 1 ? '1 CPU' : `${grouped(cpus)} CPUs`

/** 'Ray 2.60.0, 2 nodes, 6 CPUs' */
export function factsWords(facts: ClusterFacts): string {
  const nodes = facts.nodes === 1 ? '1 node' : `${grouped(facts.nodes)} nodes`
  return `Ray ${facts.version}, ${nodes}, ${cpuWords(facts)}`
}

/** The host of a node, which Ray's own id follows: '10.0.0.7 (29b8846b)'. */
export function nodeName(node: string): string {
  return node.split(' ')[0]!
}
