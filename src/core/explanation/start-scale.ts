import type { PlanNode } from '../network/layers/builder'
import { checkedPlan } from '../network/layers/checked'
import { cellsSeen } from '../network/layers/windows'
import type { NetworkPlan } from '../network/layers/plan'
import { initialStd } from '../network/weights'
import type { InputSummary, TestDifference } from '../preprocessing/input-summary'
import { predictedSpread } from '../saturation/saturation'
import { mean } from '../statistics/mean'
import type { EpochRecord, RunRecord } from '../study/run'

/** How wide the first kernel's outputs z are before training, and what makes them so. */
export interface StartScale {
  /**
   * std of z over units, places and probe images: measured, or predicted where it is not; behind a batch
   * normalisation what that leaves of it in training, s / sqrt(s² + epsilon)
   */
  readonly sigma: number
  /** s, before that normalisation */
  readonly unnormalised?: number
  /** the input is normalised before the first kernel gets it */
  readonly inputNormalised: boolean
  /** sqrt(n Var(w) E[x²]); absent where the input of the kernel is not known */
  readonly predicted?: number
  /** sqrt(n Var(w)): what the initial weights make of an input of mean square 1 */
  readonly gain?: number
  /** sqrt(E[x²]) of what the kernel is given */
  readonly rms?: number
}

/** Difference of the means, in stds of the training values, and ratio of the stds from which test images differ. */
export const TEST_LIMITS = { shift: 0.75, spread: 2 } as const

/** Whether the stored values of the test images are distributed as those of the training images. */
export function testIsLike({ shift, spread }: TestDifference): boolean {
  return shift < TEST_LIMITS.shift && Math.max(spread, 1 / spread) < TEST_LIMITS.spread
}

type KernelNode = Extract<PlanNode, { readonly op: 'dense' | 'conv' }>

const hasKernel = (node: PlanNode): node is KernelNode => 'kernel' in node

/** Classes that the network tells apart; the fewest that can be where they were not counted. */
export function classCountOf({ config, testClassCounts }: RunRecord): number {
  return config.classes ? 2 : Math.max(2, testClassCounts?.length ?? 2)
}

/** The network that was trained; of records of older versions, which had dense layers only, too. */
export function planOf(record: RunRecord): NetworkPlan | undefined {
  const { config, inputSummary: input } = record
  // without an input nothing is read of the plan but what its operations are
  return checkedPlan(config, input?.shape ?? [input?.features ?? 1], classCountOf(record)).plan
}

/** E[x²] of what a kernel gets, where the nodes before it say: values as they are, or normalised. */
function meanSquare(earlier: readonly PlanNode[], input: InputSummary): number | undefined {
  let square: number | undefined = input.secondMoment
  for (const node of earlier) {
    if (node.op === 'flatten' || node.op === 'dropout') continue
    square =
      node.op === 'batch-norm' && square === input.secondMoment
        ? normalised(node, input)
        : undefined
  }
  return square
}

/** What a batch normalisation of the input leaves of each channel's variance v in training: v / (v + epsilon). */
function normalised(
  { shape, epsilon }: PlanNode & { readonly op: 'batch-norm' },
  { channelStd, constantFeatures, features, featureStd }: InputSummary
): number | undefined {
  if (shape.length === 3) {
    return mean((channelStd ?? []).map((std) => std ** 2 / (std ** 2 + epsilon)))
  }
  // each value by its own spread: 1 where it varies, and epsilon is small beside it
  const small = epsilon <= 0.01 * featureStd.median ** 2
  return small ? 1 - constantFeatures / features : undefined
}

/** undefined where it is neither measured nor predicted. */
export function startScale(
  record: RunRecord,
  start: EpochRecord | undefined
): StartScale | undefined {
  const { config, inputSummary: input } = record
  const plan = planOf(record)
  const at = plan?.nodes.findIndex(hasKernel) ?? -1
  const node = plan?.nodes[at]
  if (!plan || !node || !hasKernel(node)) return undefined
  const earlier = plan.nodes.slice(1, at)
  const { fans } = plan.parameters[node.kernel]!
  const place = plan.activated.filter(({ a }) => a < at).length
  const batchInput = earlier.some(({ op }) => op === 'batch-norm')
  // before training a batch normalisation passes on what it gets: its moving moments are 0 and 1
  const measured = batchInput ? undefined : start?.layers[place]?.preactivation.std
  const square = input && meanSquare(earlier, input)
  const std = initialStd(config, fans!)
  const image = plan.nodes[node.inputs[0]!]!.shape
  const seen = node.op === 'conv' ? cellsSeen(node, image) * image[2]! : fans!.inputs
  const predicted = square === undefined ? undefined : predictedSpread(seen, std, square)
  // the probe images are test images: where those are of another scale, z is not that of training
  const like = input?.test === undefined || testIsLike(input.test)
  const own = like ? (measured ?? predicted) : predicted
  if (own === undefined) return undefined
  const next = plan.nodes[at + 1]
  const behind = next?.op === 'batch-norm' ? next : undefined
  return {
    sigma: behind ? own / Math.sqrt(own ** 2 + behind.epsilon) : own,
    ...(behind && { unnormalised: own }),
    inputNormalised: earlier.some(({ op }) => op === 'batch-norm' || op === 'layer-norm'),
    ...(predicted !== undefined && { predicted }),
    ...(square !== undefined && {
      gain: std * Math.sqrt(fans!.inputs),
      rms: Math.sqrt(square)
    })
  }
}
