import type { EngineInput, EngineOutput } from '../../../contract/engine'
import { describe } from '../../../core/preprocessing/fitted'
import type { OpenSet } from '../dataset/open-set'
import { constantsReport } from './constants'
import { eachChoice } from './each-choice'

/** Choices with their formulas and what they were fitted to; those that cannot be fitted are left out. */
export async function fittedChoices(
  set: OpenSet,
  { choices }: EngineInput<'fittedChoices'>
): Promise<EngineOutput<'fittedChoices'>> {
  const { found } = await eachChoice(choices, async (choice) => {
    const fitted = await set.fitted(choice)
    const { form: _, ...rest } = fitted
    const constants = await constantsReport(set, choice)
    return { ...rest, formula: describe(fitted), ...(constants && { constants }) }
  })
  return found
}
