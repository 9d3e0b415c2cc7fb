/** What a work in steps gives when it is done at a stretch. */
export function completed<Result>(steps: Generator<void, Result>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}
