// Programs that the benchmark compares with, each in the cache and not installed: a table by name.
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { publishFolder } from './atomic.mjs'
import { aptUnpack, isDebian } from './apt.mjs'
import { provideTestSystem } from './browser.mjs'
import { findProgram } from './command.mjs'
import { provideKeras } from './keras.mjs'
import { provideNumpy } from './numpy.mjs'
import { inCache, inProject } from './paths.mjs'
import { providePackagesOfPython } from './pip.mjs'
import { SetupProblem } from './problem.mjs'

const without = 'the rows against it are reported as missing'

/** Each resolves to `{program, env}`; a SetupProblem says why it cannot be had. */
const peers = {
  python: async () => ({ program: pythonProgram(), env: {} }),
  numpy: async (report) => {
    const folder = await provideNumpy(report)
    return { program: pythonProgram(), env: { PYTHONPATH: folder } }
  },
  keras: async (report) => {
    const { python, folder } = await provideKeras(report)
    return { program: python, env: { PYTHONPATH: folder } }
  },
  'scikit-learn': async (report) => {
    const requirements = [
      'numpy==2.4.6',
      'scikit-learn==1.9.1',
      'scipy==1.17.1',
      'joblib==1.6.0',
      'threadpoolctl==3.8.0',
      'narwhals==2.29.0'
    ].join('\n')
    const { python, folder } = await providePackagesOfPython(
      {
        name: 'scikit-learn',
        title: 'scikit-learn (for the comparison)',
        requirements,
        bytes: 300_000_000,
        without
      },
      report
    )
    return { program: python, env: { PYTHONPATH: folder } }
  },
  /** what data sets are written with, to be compared with what is read of them */
  writers: async (report) => {
    const requirements = [
      'numpy==2.4.6',
      'pillow==13.0.0',
      'pyarrow==26.0.1',
      'safetensors==0.8.0',
      'h5py==3.16.0',
      'tifffile==2026.3.3',
      'imagecodecs==2026.3.6',
      'pydicom==3.0.2'
    ].join('\n')
    const { python, folder } = await providePackagesOfPython(
      {
        name: 'writers',
        title: 'NumPy, Pillow, pyarrow and others (to write data sets)',
        requirements,
        bytes: 350_000_000,
        without: 'nothing is compared'
      },
      report
    )
    return { program: python, env: { PYTHONPATH: folder } }
  },
  ray: async (report) => {
    const requirements = readFileSync(inProject('scripts', 'setup', 'ray-requirements.txt'), 'utf8')
    const { python, folder } = await providePackagesOfPython(
      { name: 'ray', title: 'Ray (for the cluster)', requirements, bytes: 400_000_000, without },
      report
    )
    return { program: python, env: { PYTHONPATH: folder } }
  },
  igzip: provideIgzip,
  electron: async () => ({ program: electronProgram(), env: {} }),
  chromium: async (report) => {
    const { chromium } = await provideTestSystem(report)
    if (chromium) return { program: chromium, env: { NORMSCOPE_CHROMIUM: chromium } }
    throw new SetupProblem('there is no Chromium', {
      remedy: 'see what set-up said of it',
      without
    })
  }
}

function pythonProgram() {
  const program = findProgram('python3', 'python')
  if (!program)
    throw new SetupProblem('Python 3 was not found', { remedy: 'install Python 3', without })
  return program
}

function electronProgram() {
  const program = process.env.NORMSCOPE_ELECTRON
  if (program) return program
  throw new SetupProblem('there is no Electron', { remedy: 'see what set-up said of it', without })
}

function provideIgzip(report) {
  return report.step('igzip (for the comparison)', async () => {
    const own = findProgram('igzip')
    if (own) return { program: own, env: {}, text: 'ready' }
    const problem = (message) =>
      new SetupProblem(message, { remedy: 'install igzip (Debian: the package isal)', without })
    const folder = inCache('igzip')
    const program = join(folder, 'isal', 'unpacked', 'usr', 'bin', 'igzip')
    const ready = existsSync(program)
    if (!ready) {
      if (!isDebian()) throw problem('igzip was not found, and there is no apt to fetch it with')
      await publishFolder(folder, async (partial) => {
        for (const name of ['isal', 'libisal2']) {
          mkdirSync(join(partial, name))
          const why = await aptUnpack(name, join(partial, name))
          if (why) throw problem(why)
        }
      })
    }
    const libraries = join(folder, 'libisal2', 'unpacked', 'usr', 'lib')
    const env = { LD_LIBRARY_PATH: join(libraries, readdirSync(libraries)[0]) }
    return { program, env, text: ready ? 'ready' : 'unpacked into the cache' }
  })
}

/** Provides the named peers, by name; one that cannot be had is `{missing: why}`, told already. */
export async function providePeers(names, report) {
  const found = {}
  for (const name of names) {
    if (!peers[name]) throw new Error(`No peer is named "${name}"`)
    try {
      const { program, env } = await peers[name](report)
      found[name] = { program, env: { ...process.env, ...env } }
    } catch (error) {
      if (!(error instanceof SetupProblem)) throw error
      found[name] = { missing: error.message }
    }
  }
  return found
}
