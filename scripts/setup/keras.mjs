// Keras in an environment of its own, for benchmarks that compare with it.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { publishFolder } from './atomic.mjs'
import { findProgram, lastLines, run, watchFolder } from './command.mjs'
import { withLock } from './lock.mjs'
import { inCache, inProject } from './paths.mjs'
import { SetupProblem } from './problem.mjs'
import { hashOf, isStamped, writeStamp } from './stamp.mjs'

const pins = inProject('scripts', 'setup', 'keras-requirements.txt')
const installedBytes = 1_500_000_000

/** Resolves to `{python, folder}`: the interpreter and the folder to put on PYTHONPATH. */
export async function provideKeras(report) {
  return report.step('Keras (for the comparison)', async (step) => {
    const python = findProgram('python3', 'python')
    const problem = (message, tried, remedy) =>
      new SetupProblem(message, {
        tried,
        remedy,
        without: 'the benchmark measures Normscope alone and prints no ratio'
      })
    if (!python) throw problem('Python 3 was not found', [], 'install Python 3 with pip')
    const { output } = await run(python, ['-c', 'import sys; print(sys.version_info[:2])'])
    const key = hashOf([readFileSync(pins, 'utf8'), output.trim(), process.platform, process.arch])
    const folder = inCache('keras', key.slice(0, 16))
    const ready = () => isStamped(join(folder, 'normscope.json'), key)
    if (ready()) return { python, folder, text: 'ready' }
    return withLock(inCache('locks', 'keras.lock'), async () => {
      if (ready()) return { python, folder, text: 'ready' }
      await publishFolder(folder, async (partial) => {
        const temporary = join(partial, '.temporary')
        mkdirSync(temporary)
        const args = ['-m', 'pip', 'install', '--quiet', '--no-cache-dir', '--no-deps']
        args.push('--only-binary=:all:', '--disable-pip-version-check', '--no-warn-script-location')
        args.push('--root-user-action=ignore', '--target', partial, '-r', pins)
        const result = await watchFolder(
          partial,
          (bytes) => step.progress(Math.min(bytes, installedBytes), installedBytes),
          () => run(python, args, { env: { TMPDIR: temporary } })
        )
        if (result.code !== 0) {
          throw problem(
            'Keras could not be installed',
            [`pip install of the pinned versions: ${lastLines(result)}`],
            'check the network; Python 3.10 to 3.13 is needed'
          )
        }
        rmSync(temporary, { recursive: true, force: true })
        writeStamp(join(partial, 'normscope.json'), key)
      })
      return { python, folder, text: 'installed into the cache' }
    })
  })
}
