import { number } from '../../preprocessing/snippet'
import type { RunConfig } from '../config'
import type { Operation, OperationId, OperationOf, PlanNode } from '../layers/builder'
import type { NetworkPlan } from '../layers/plan'
import type { Shape } from '../layers/shape'

export type Lines = readonly string[]

/** What is written as code: a configuration, its plan, and how many classes it tells apart. */
export interface Network {
  readonly config: RunConfig
  readonly plan: NetworkPlan
  readonly classes: number
}

/** A call of a library in the program. */
export interface Call {
  readonly name: string
  readonly parts: readonly string[]
  /** a function or class that it needs, defined once before it */
  readonly helper?: Lines
}

/** Parts that are empty or absent are left out. */
export function call(
  name: string,
  parts: readonly (string | number | false | undefined)[] = [],
  helper?: Lines
): Call {
  const given = parts.filter((part) => part !== undefined && part !== false && part !== '')
  return { name, parts: given.map(String), ...(helper && { helper }) }
}

/** 'layers.Dense(10, use_bias=False)' */
export function callText({ name, parts }: Call): string {
  return `${name}(${parts.join(', ')})`
}

/** The helpers of some calls, each once, two empty lines around each. */
export function helperLines(calls: readonly Call[]): Lines {
  const helpers = new Set(calls.flatMap(({ helper }) => (helper ? [helper] : [])))
  return [...helpers].flatMap((lines) => ['', '', ...lines])
}

/** A node of a plan in its place. */
interface Placed<Op extends Operation> {
  readonly network: Network
  readonly node: PlanNode<Op>
  /** of what it takes */
  readonly input: Shape
}

/** How each operation is written: the calls that do it, one after another. 'add' is written by its program. */
export type Writers = {
  readonly [Id in Exclude<OperationId, 'add'>]: (placed: Placed<OperationOf<Id>>) => readonly Call[]
}

/** The calls of a node. */
export function callsOf(writers: Writers, network: Network, at: number): readonly Call[] {
  const { nodes } = network.plan
  const node = nodes[at]!
  if (node.op === 'add') return []
  const input = nodes[node.inputs[0] ?? at]!.shape
  // the compiler does not see that the node is of its writer's own operation
  const write = writers[node.op] as (placed: Placed<Operation>) => readonly Call[]
  return write({ network, node, input })
}

/** Shape of a parameter of the plan. */
export function shapeOf(network: Network, parameter: number): readonly number[] {
  return network.plan.parameters[parameter]!.shape
}

/** A number that counts nothing, as Python writes it: 0.1, 1e-7, 5.0. */
export function real(value: number): string {
  return number(Number(value.toPrecision(12)), 'numpy')
}

/** '(2, 1)', or '2' where both are alike. */
export function pair(a: number, b: number): string {
  return a === b ? String(a) : `(${a}, ${b})`
}

export const indented = (lines: Lines, by = 4): Lines =>
  lines.map((line) => (line === '' ? line : ' '.repeat(by) + line))
