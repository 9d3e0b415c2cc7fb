import { describe, expect, it } from 'vitest'
import { SetupProblem } from '../../scripts/setup/problem.mjs'
import { progressText, Report } from '../../scripts/setup/report.mjs'
import { shellExports } from '../../scripts/setup/state.mjs'
import { lastLine, ofCheck, ofVitest, sum } from '../../scripts/testing/tally.mjs'

/** A report that writes into a text, with a clock that tells the given times in turn. */
function reportInto(times: number[]) {
  const written: string[] = []
  const stream = { write: (text: string) => written.push(text), isTTY: false }
  return { report: new Report(stream, () => times.shift() ?? 0), text: () => written.join('') }
}

describe('a step', () => {
  it('is one line with its time', async () => {
    const { report, text } = reportInto([1000, 3340])
    await report.step('Packages', () => 'ready')
    expect(text()).toBe('Packages … ready (2.3 s)\n')
  })

  it('tells a failure with what it tried, what to do and what works without it', async () => {
    const { report, text } = reportInto([0, 500])
    const problem = new SetupProblem('no compiler', {
      tried: ['g++ on PATH'],
      remedy: 'install g++',
      without: 'WebAssembly trains'
    })
    await expect(
      report.step('libtensorflow', () => {
        throw problem
      })
    ).rejects.toBe(problem)
    expect(text()).toBe(
      [
        'libtensorflow … FAILED (0.5 s)',
        '    what failed: no compiler',
        '    tried: g++ on PATH',
        '    what to do: install g++',
        '    without it: WebAssembly trains',
        ''
      ].join('\n')
    )
  })

  it('keeps the hosts of addresses to itself', () => {
    const problem = new SetupProblem('a', {
      tried: ['GET https://some.mirror:8080/simple/x failed']
    })
    expect(problem.tried).toEqual(['GET https://…/simple/x failed'])
  })

  it('draws its progress to scale', () => {
    expect(progressText(137e6, 274e6)).toBe('[############------------]  50 %  137/274 MB')
    expect(progressText(1.5e6, undefined)).toBe('1.5 MB')
  })
})

describe('the environment as shell commands', () => {
  it('survives quotes and spaces', () => {
    expect(shellExports({ A: "it's here" })).toBe("export A='it'\\''s here'")
  })
})

describe('the tally', () => {
  const run = (numPassedTests: number, numFailedTests: number, more = {}) => ({
    numPassedTests,
    numFailedTests,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [] as { status: string; assertionResults: { status: string }[] }[],
    ...more
  })

  it('adds up tests and checks', () => {
    const total = sum([
      ofCheck(0),
      ofCheck(1),
      ofVitest(run(10, 2, { numPendingTests: 3, numTodoTests: 1 }), 1)
    ])
    expect(lastLine(total)).toBe('11 passed, 3 failed, 4 skipped')
  })

  it('does not speak of skipped tests where there are none', () => {
    expect(lastLine(sum([ofCheck(0)]))).toBe('1 passed, 0 failed')
  })

  it('counts a file that could not be loaded as a failure', () => {
    const testResults = [{ status: 'failed', assertionResults: [] }]
    expect(ofVitest(run(5, 0, { testResults }), 1)).toEqual({ passed: 5, failed: 1, skipped: 0 })
  })

  it('counts a file with failed tests by its tests', () => {
    const testResults = [{ status: 'failed', assertionResults: [{ status: 'failed' }] }]
    expect(ofVitest(run(5, 1, { testResults }), 1)).toEqual({ passed: 5, failed: 1, skipped: 0 })
  })

  it.each([
    ['without a report', undefined, 1],
    ['in which no test ran', run(0, 0), 0],
    ['that ended badly though no test failed', run(5, 0), 1]
  ])('counts a run %s as a failure', (_what, report, exitCode) => {
    expect(ofVitest(report, exitCode).failed).toBe(1)
  })
})
