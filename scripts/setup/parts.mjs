// The set-up as a whole: a table of parts, done in order, of which a command asks for some.
import { createHash } from 'node:crypto'
import { buildReady, provideBuild } from './build.mjs'
import { provideElectron } from './electron.mjs'
import { fashionMnistAtHand, provideFashionMnist } from './fashion-mnist.mjs'
import { withLock } from './lock.mjs'
import { provideNumpy } from './numpy.mjs'
import { packagesReady, providePackages } from './packages.mjs'
import { inCache, projectFolder } from './paths.mjs'
import { SetupProblem } from './problem.mjs'
import { readState, updateState } from './state.mjs'
import { provideTensorflow, tensorflowReady } from './tensorflow.mjs'

/**
 * Each part: `provide(report, options)` resolves to what it found, `environment(found)` names it
 * for the app, `required` ends the set-up where it fails. A failed part that is not required leaves
 * `environment(undefined, message)`.
 */
const parts = {
  packages: { provide: providePackages, required: true },
  tensorflow: {
    provide: provideTensorflow,
    environment: (_found, message) => ({ NORMSCOPE_NATIVE_ERROR: message })
  },
  electron: {
    provide: provideElectron,
    environment: (found) => ({
      NORMSCOPE_ELECTRON: found?.executable,
      NORMSCOPE_ELECTRON_VERSION: found?.version
    })
  },
  fashionMnist: {
    provide: provideFashionMnist,
    environment: (found) => ({ NORMSCOPE_FASHION_MNIST: found })
  },
  numpy: {
    provide: provideNumpy,
    environment: (found) => ({ NORMSCOPE_NUMPY: found })
  },
  build: { provide: provideBuild, required: true }
}

const lockFile = () =>
  inCache(
    'locks',
    `checkout-${createHash('sha256').update(projectFolder).digest('hex').slice(0, 16)}.lock`
  )

/**
 * Provides the named parts, one set-up of this checkout at a time, and sets the environment of this
 * process (and so of its children). Resolves to `{found: {part: …}, failures: {part: message}}`;
 * throws the SetupProblem of a required part, already reported.
 */
export function provideParts(names, report, options = {}) {
  const waiting = (pid) => report.line(`Waiting for another set-up of this folder (process ${pid})`)
  return withLock(
    lockFile(),
    async () => {
      const found = {}
      const failures = {}
      for (const name of names) {
        const { provide, environment, required } = parts[name]
        try {
          found[name] = await provide(report, options)
        } catch (error) {
          if (required || !(error instanceof SetupProblem)) throw error
          failures[name] = [error.message, ...error.tried].join('; ')
        }
        updateState({
          environment: environment?.(found[name], failures[name]),
          failures: { [name]: failures[name] }
        })
      }
      useEnvironment()
      return { found, failures }
    },
    { onWait: waiting }
  )
}

/** Puts what set-up found into this process's environment; what the person set stays. */
export function useEnvironment() {
  for (const [name, value] of Object.entries(readState().environment)) {
    if (process.env[name] === undefined) process.env[name] = value
  }
}

/**
 * Whether commands can run as things are: every part is there or known not to be had. Reads and
 * hashes some files, starts nothing.
 */
export function commandReady() {
  if (!packagesReady() || !buildReady()) return false
  const { failures } = readState()
  return (
    (failures.tensorflow !== undefined || tensorflowReady()) &&
    (failures.fashionMnist !== undefined || fashionMnistAtHand() !== undefined)
  )
}
