import type { ChoiceProblem } from '../../../contract/networks'
import { resultOf, valueOf } from '../../../core/error'
import type { ChoiceSpec } from '../../../core/preprocessing/preprocessing'

/**
 * Looks at choices one after the other: each takes all there is. What cannot be done for some is told
 * beside what was found for the others; where none is left, it fails.
 */
export async function eachChoice<T>(
  choices: readonly ChoiceSpec[],
  work: (choice: ChoiceSpec) => Promise<T>
): Promise<{ readonly found: readonly T[]; readonly problems: readonly ChoiceProblem[] }> {
  const found: T[] = []
  const problems: ChoiceProblem[] = []
  for (const choice of choices) {
    const result = await resultOf(() => work(choice))
    if (result.ok) found.push(result.value)
    else problems.push({ choice, error: result.error })
  }
  const [first] = problems
  if (found.length === 0 && first) valueOf({ ok: false, error: first.error })
  return { found, problems }
}
