/** What a work in steps gives when it is done at a stretch; `onStep` is called after each. */
export function completed<Result>(steps: Generator<void, Result>, onStep?: () => void): Result {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    onStep?.()
  }
}
