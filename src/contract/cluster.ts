import { z } from 'zod'
import { NormscopeError } from '../core/error'
import type { ErrorFacts } from '../core/error'
import type { BackendId } from '../core/study/run'

/** The cluster that a person named; while it is off, nothing is sent to it but what a test asks. */
export const clusterSettings = z.strictObject({
  /** http://HOST:PORT, see `clusterAddress` */
  address: z.string().min(1).max(300),
  /** how its nodes call Normscope; default: by the path that this computer has */
  program: z.string().min(1).max(4000).optional(),
  on: z.boolean()
})

export type ClusterSettings = z.infer<typeof clusterSettings>

/** As they are kept: of a file that names no cluster, nothing is taken. */
export const keptClusterSettings = clusterSettings.refine(({ address }) =>
  isClusterAddress(parsed(address))
)

/** What a cluster says of itself. */
export interface ClusterFacts {
  /** Ray's */
  readonly version: string
  /** those that are alive */
  readonly nodes: number
  /** of these nodes together */
  readonly cpus: number
}

/** The cluster as it was when it was last asked. */
export interface ClusterStatus extends ClusterSettings {
  /** absent before its first answer, and while it is off */
  readonly facts?: ClusterFacts
  /** runs wait until a node was seen to have their images */
  readonly checking?: boolean
  /** why runs wait, and what to do */
  readonly problem?: ErrorFacts
}

/** What a person is told who asks whether a cluster can be used. */
export interface ClusterTest {
  readonly facts: ClusterFacts
  /** whether a node finds the open images, and trains; absent where none are open */
  readonly images?: {
    readonly name: string
    readonly path: string
    readonly backend?: BackendId
    readonly tensorflowVersion?: string
    readonly problem?: ErrorFacts
  }
}

/** The address of a cluster as a person writes it. Throws NormscopeError 'cluster-address'. */
export function clusterAddress(given: string): URL {
  const url = parsed(given.trim())
  if (isClusterAddress(url)) return url
  throw new NormscopeError({
    code: 'cluster-address',
    message: `"${given}" is not the address of a Ray cluster.`,
    expected: 'http://HOST:PORT',
    actual: given,
    hint: "Give the address of Ray's dashboard, for example http://10.0.0.1:8265."
  })
}

function isClusterAddress(url: URL | undefined): url is URL {
  const plain = url?.pathname === '/' && !url.search && !url.hash && !url.username && !url.password
  return plain && /^https?:$/.test(url.protocol)
}

function parsed(given: string): URL | undefined {
  try {
    return new URL(given)
  } catch {
    return undefined
  }
}
