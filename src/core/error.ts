/** What went wrong, as facts a person can act on. It crosses process boundaries as plain data. */
export interface ErrorFacts {
  /** stable, kebab-case: 'truncated-file', 'wrong-magic', ... */
  readonly code: string
  /** one or two sentences: what was found, what was expected, what to do */
  readonly message: string
  readonly path?: string
  readonly expected?: string
  readonly actual?: string
  readonly hint?: string
}

export class NormscopeError extends Error {
  override readonly name = 'NormscopeError'

  constructor(readonly facts: ErrorFacts) {
    super(facts.message)
  }
}

/** The facts of any thrown value; an unforeseen error becomes code 'internal'. */
export function errorFacts(thrown: unknown): ErrorFacts {
  if (thrown instanceof NormscopeError) return thrown.facts
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return { code: 'internal', message }
}

/** Outcome of a call that crosses a process boundary: thrown errors lose their fields there. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorFacts }

export async function resultOf<T>(work: () => T | Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (thrown) {
    return { ok: false, error: errorFacts(thrown) }
  }
}

/** The value of a result; throws its error as a NormscopeError. */
export function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new NormscopeError(result.error)
}
