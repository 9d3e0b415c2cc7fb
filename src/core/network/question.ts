import { TUTORIAL_CONFIG } from './config'
import type { RunConfig } from './config'
import type { LossId } from './losses'

/** What the question compares: raw bytes and x / 255, under the loss of 2018 and the exact one. */
export const QUESTION = {
  choices: ['raw', 'unit'],
  losses: ['clipped', 'exact']
} as const satisfies {
  readonly choices: readonly RunConfig['choice']['id'][]
  readonly losses: readonly LossId[]
}

/** The runs of the question, with the tutorial's settings but for those given. */
export function questionConfigs(
  change: Partial<Pick<RunConfig, 'epochs' | 'seed'>> = {}
): RunConfig[] {
  return QUESTION.losses.flatMap((loss) =>
    QUESTION.choices.map((id) => ({ ...TUTORIAL_CONFIG, ...change, choice: { id }, loss }))
  )
}
