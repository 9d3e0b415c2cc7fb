// Keras in an environment of its own, for benchmarks that compare with it.
import { readFileSync } from 'node:fs'
import { inProject } from './paths.mjs'
import { providePackagesOfPython } from './pip.mjs'

/** Resolves to `{python, folder}`: the interpreter and the folder to put on PYTHONPATH. */
export function provideKeras(report) {
  const packages = {
    name: 'keras',
    title: 'Keras (for the comparison)',
    requirements: readFileSync(inProject('scripts', 'setup', 'keras-requirements.txt'), 'utf8'),
    bytes: 1_500_000_000,
    without: 'the benchmark measures Normscope alone and prints no ratio'
  }
  return providePackagesOfPython(packages, report)
}
