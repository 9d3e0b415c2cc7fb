import type { ChoiceRow } from '../../../contract/engine'
import type { Figure } from '../../../core/figure/figure'
import type { ChoiceSpec, FittedPreprocessing } from '../../../core/preprocessing/preprocessing'
import type { OpenSet } from '../dataset/open-set'
import { distributions, momentsFigure } from '../figures/distributions'

/** What is told of the images themselves. */
export interface PixelResults {
  readonly figures: readonly Figure[]
  readonly table: readonly ChoiceRow[]
  /** a choice with its constants of these images */
  readonly fitted: (choice: ChoiceSpec) => Promise<FittedPreprocessing>
}

export async function pixelResults(
  set: OpenSet,
  choices: readonly ChoiceSpec[]
): Promise<PixelResults> {
  const query = { split: 'train' as const, logCount: true, sharedAxis: false }
  const { figures, overlay, table } = await distributions(set, { ...query, choices: [...choices] })
  const moments = await momentsFigure(set, { split: 'train', choice: { id: 'raw' } })
  return { figures: [...figures, overlay, moments], table, fitted: (choice) => set.fitted(choice) }
}
