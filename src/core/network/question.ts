import { TUTORIAL_CONFIG } from './config'
import type { RunConfig } from './config'
import type { LossId } from './losses'

/**
 * What the question compares: pixels as stored and rescaled to [0, 1] (it had bytes, and x / 255) under
 * the loss of its time, under what Keras 3 has today on JAX and PyTorch, and under the exact one. The other settings are those of the tutorial as it
 * was on 19 October 2018: tf.train.AdamOptimizer, whose epsilon is 1e-8, and 5 epochs.
 */
export const QUESTION = {
  choices: ['raw', 'unit'],
  losses: ['clipped-2018', 'clipped', 'exact'],
  epochs: 5,
  epsilon: 1e-8,
  seeds: [0, 1, 2]
} as const satisfies {
  readonly choices: readonly RunConfig['choice']['id'][]
  readonly losses: readonly LossId[]
  readonly epochs: number
  readonly epsilon: number
  readonly seeds: readonly number[]
}

/** The runs of the question, seed by seed, with its own settings but for those given. */
export function questionConfigs({
  epochs = QUESTION.epochs,
  seeds = QUESTION.seeds,
  limit
}: {
  readonly epochs?: number
  readonly seeds?: readonly number[]
  readonly limit?: number
} = {}): RunConfig[] {
  const { epsilon } = QUESTION
  const same = {
    ...TUTORIAL_CONFIG,
    optimiser: { ...TUTORIAL_CONFIG.optimiser, epsilon },
    epochs,
    ...(limit !== undefined && { limit })
  }
  return seeds.flatMap((seed) =>
    QUESTION.losses.flatMap((loss) =>
      QUESTION.choices.map((id) => ({ ...same, seed, choice: { id }, loss }))
    )
  )
}
