import type { NetworkPlan } from '../layers/plan'

/** Operations that follow one another, each the only one to take what the one before it gives. */
interface Chain {
  readonly kind: 'chain'
  readonly nodes: readonly number[]
  readonly from: string
  readonly to: string
}

interface Sum {
  readonly kind: 'sum'
  readonly terms: readonly string[]
  readonly to: string
}

export type Step = Chain | Sum

const NAMES = ['x', 'y', 'z', 'v', 'w'] as const

/**
 * A plan as chains of operations and sums, with the names of the variables that each reads and
 * writes: the first name whose value nothing reads any more.
 */
export function stepsOf({ nodes }: Pick<NetworkPlan, 'nodes'>): readonly Step[] {
  const users = nodes.map((_, at) =>
    nodes.flatMap(({ inputs }, user) => (inputs.includes(at) ? [user] : []))
  )
  const names = new Map<number, string>()
  const nameBehind = (step: number): string => {
    const held = [...names].flatMap(([node, name]) =>
      users[node]!.some((user) => user > step) ? [name] : []
    )
    const free = NAMES.find((name) => !held.includes(name))
    if (!free) throw new RangeError('More values are held at once than there are names.')
    return free
  }
  /** whether the next node, and it alone, takes what this one gives */
  const leadsOn = (at: number): boolean =>
    users[at]!.length === 1 && users[at]![0] === at + 1 && nodes[at + 1]!.op !== 'add'
  const steps: Step[] = []
  for (let first = 0; first < nodes.length; first++) {
    const read = nodes[first]!.inputs.map((node) => names.get(node)!)
    const to = nameBehind(first)
    const chain = [first]
    if (nodes[first]!.op === 'add') {
      steps.push({ kind: 'sum', terms: read, to })
    } else {
      while (leadsOn(chain[chain.length - 1]!)) chain.push(first + chain.length)
      steps.push({ kind: 'chain', nodes: chain, from: read[0] ?? NAMES[0], to })
      first += chain.length - 1
    }
    names.set(first, to)
  }
  return steps
}
