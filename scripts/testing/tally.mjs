// Counting: `N passed, N failed` over everything that ran.

/** @typedef {{passed: number, failed: number, skipped: number}} Tally */

export const nothing = Object.freeze({ passed: 0, failed: 0, skipped: 0 })

export const sum = (tallies) =>
  tallies.reduce(
    (total, { passed, failed, skipped }) => ({
      passed: total.passed + passed,
      failed: total.failed + failed,
      skipped: total.skipped + skipped
    }),
    nothing
  )

/** A check that passes or fails as one, such as the type check. */
export const ofCheck = (exitCode) =>
  exitCode === 0 ? { ...nothing, passed: 1 } : { ...nothing, failed: 1 }

/**
 * The tally of one vitest run. A file that could not even be loaded is one failure; so is a run
 * without a report, a run in which no test ran, and an exit code that no failed test explains.
 * @param report the JSON reporter's object, undefined if it wrote none
 */
export function ofVitest(report, exitCode) {
  if (!report) return { ...nothing, failed: 1 }
  const broken = (report.testResults ?? []).filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed')
  ).length
  const passed = report.numPassedTests
  const skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0)
  let failed = report.numFailedTests + broken
  const unexplained = exitCode !== 0 || passed + failed === 0
  if (failed === 0 && unexplained) failed = 1
  return { passed, failed, skipped }
}

/** The last line of `npm test`. */
export const lastLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed` + (skipped > 0 ? `, ${skipped} skipped` : '')
