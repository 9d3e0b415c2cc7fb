// Python packages of pinned versions in a folder of their own in the cache; nothing is installed.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { publishFolder } from './atomic.mjs'
import { findProgram, lastLines, run, watchFolder } from './command.mjs'
import { withLock } from './lock.mjs'
import { inCache } from './paths.mjs'
import { SetupProblem } from './problem.mjs'
import { hashOf, isStamped, writeStamp } from './stamp.mjs'

/** Where the packages of these requirements lie, or would lie; undefined without Python. */
async function placeOf({ name, requirements }) {
  const python = findProgram('python3', 'python')
  if (!python) return undefined
  const { output } = await run(python, ['-c', 'import sys; print(sys.version_info[:2])'])
  const key = hashOf([requirements, output.trim(), process.platform, process.arch])
  const folder = inCache(name, key.slice(0, 16))
  return { python, folder, key, ready: () => isStamped(join(folder, 'normscope.json'), key) }
}

/** `{python, folder}` where they are there already, else undefined. */
export async function findPackagesOfPython(packages) {
  const place = await placeOf(packages)
  return place?.ready() ? { python: place.python, folder: place.folder } : undefined
}

/**
 * Resolves to `{python, folder}`: the interpreter and the folder to put on PYTHONPATH.
 * @param packages `{name, title, requirements, bytes, without}`: `requirements` are lines as pip
 * reads them, every version pinned; `bytes` is about what they take when unpacked
 */
export async function providePackagesOfPython(packages, report) {
  const { name, title, requirements, bytes, without } = packages
  return report.step(title, async (step) => {
    const problem = (message, tried, remedy) =>
      new SetupProblem(message, { tried, remedy, without })
    const place = await placeOf(packages)
    if (!place) throw problem('Python 3 was not found', [], 'install Python 3 with pip')
    const { python, folder, key, ready } = place
    if (ready()) return { python, folder, text: 'ready' }
    return withLock(inCache('locks', `${name}.lock`), async () => {
      if (ready()) return { python, folder, text: 'ready' }
      await publishFolder(folder, async (partial) => {
        const temporary = join(partial, '.temporary')
        mkdirSync(temporary, { recursive: true })
        const pins = requirements.split('\n').filter((line) => line && !line.startsWith('#'))
        const args = ['-m', 'pip', 'install', '--quiet', '--no-cache-dir', '--no-deps']
        args.push('--only-binary=:all:', '--disable-pip-version-check', '--no-warn-script-location')
        args.push('--root-user-action=ignore', '--target', partial, ...pins)
        const result = await watchFolder(
          partial,
          (done) => step.progress(Math.min(done, bytes), bytes),
          () => run(python, args, { env: { TMPDIR: temporary } })
        )
        if (result.code !== 0) {
          throw problem(
            `${title} could not be installed`,
            [`pip install of the pinned versions: ${lastLines(result)}`],
            'check the network; Python 3.11 to 3.13 is needed'
          )
        }
        rmSync(temporary, { recursive: true, force: true })
        writeStamp(join(partial, 'normscope.json'), key)
      })
      return { python, folder, text: 'installed into the cache' }
    })
  })
}
