import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))

/** A path inside the benchmarks. */
export const inBench = (...parts) => join(here, ...parts)

/** A path inside the project. */
export const inProject = (...parts) => join(here, '..', ...parts)

/** Program of the command line, as `normscope` runs it. */
export const cliProgram = inProject('out', 'main', 'cli.cjs')
