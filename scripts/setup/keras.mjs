// Keras, with TensorFlow and JAX below it, in an environment of its own: for benchmarks that compare
// with it, and for tests where it is there already.
import { readFileSync } from 'node:fs'
import { inProject } from './paths.mjs'
import { findPackagesOfPython, providePackagesOfPython } from './pip.mjs'

const packages = () => ({
  name: 'keras',
  title: 'Keras (for the comparison)',
  requirements: readFileSync(inProject('scripts', 'setup', 'keras-requirements.txt'), 'utf8'),
  bytes: 2_000_000_000,
  without: 'the benchmark measures Normscope alone'
})

/** Resolves to `{python, folder}`: the interpreter and the folder to put on PYTHONPATH. */
export const provideKeras = (report) => providePackagesOfPython(packages(), report)

/** The same where an earlier benchmark has put it; undefined elsewhere. */
export const findKeras = () => findPackagesOfPython(packages())
