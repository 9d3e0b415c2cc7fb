import { recogniseConstants } from '../../../core/preprocessing/constants/recognise'
import type { ConstantsReport } from '../../../core/preprocessing/constants/recognise'
import { takesConstants } from '../../../core/preprocessing/choices'
import type { ChoiceSpec, ConstantsSpec } from '../../../core/preprocessing/preprocessing'
import { channelMoments } from '../../../core/statistics/moments'
import { mergeSummaries } from '../../../core/statistics/summary'
import type { OpenSet } from '../dataset/open-set'

/** What the constants of a choice are and do to these images; undefined for a choice that takes none. */
export async function constantsReport(
  set: OpenSet,
  choice: ChoiceSpec
): Promise<ConstantsReport | undefined> {
  if (!brings(choice)) return undefined
  const train = await set.summary('train')
  const test = set.dataset.splits.test && (await set.summary('test'))
  const { mean, std, min, max } = channelMoments(train)
  return recogniseConstants(choice, {
    type: set.dataset.dtype,
    min: Math.min(...min),
    max: Math.max(...max),
    ...{ mean, std },
    ...(test && { all: channelMoments(mergeSummaries(train, test)) })
  })
}

function brings(choice: ChoiceSpec): choice is ConstantsSpec {
  return takesConstants(choice.id)
}
