import type { Summary } from './summary-types'

/**
 * What is made of a summary, made once for as many images as it has: many choices ask for the same.
 * It must not be changed.
 */
export function ofSummary<V>(make: (summary: Summary) => V): (summary: Summary) => V {
  const known = new WeakMap<Summary, { readonly count: number; readonly value: V }>()
  return (summary) => {
    const found = known.get(summary)
    if (found?.count === summary.count) return found.value
    const value = make(summary)
    known.set(summary, { count: summary.count, value })
    return value
  }
}
