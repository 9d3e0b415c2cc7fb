// NumPy, for tests that compare with it.
import { providePackagesOfPython } from './pip.mjs'

/** Resolves to the folder to put on PYTHONPATH. */
export async function provideNumpy(report) {
  const packages = {
    name: 'numpy',
    title: 'NumPy (for tests)',
    requirements: 'numpy==2.4.6',
    bytes: 70_000_000,
    without: 'the code snippets for Python are not run by the tests'
  }
  const { folder } = await providePackagesOfPython(packages, report)
  return folder
}
