// libtensorflow, tfjs-node's binding to it, and the project's own kernels for it.
import { copyFileSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync } from 'node:fs'
import { renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { publishFolder } from './atomic.mjs'
import { bindSymbols, namesDefinedIn } from './bound-symbols.mjs'
import { findProgram, lastLines, run } from './command.mjs'
import { withLock } from './lock.mjs'
import { inCache, inProject } from './paths.mjs'
import { SetupProblem } from './problem.mjs'
import { contentHash, hashOf, isStamped, readJson, writeStamp } from './stamp.mjs'
import { withWheel } from './wheel.mjs'
import { unzip } from './zip.mjs'

const version = '2.21.0'

/** TensorFlow's Python wheel for Linux on x86-64: it holds the C library and its headers. */
const wheel = {
  requirement: `tensorflow-cpu==${version}`,
  bytes: 273_829_956,
  sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  options: ['--python-version', '3.11', '--platform', 'manylinux_2_27_x86_64']
}

const libraries = {
  'tensorflow/libtensorflow_cc.so.2': 'lib/libtensorflow_cc.so.2',
  'tensorflow/libtensorflow_framework.so.2': 'lib/libtensorflow_framework.so.2'
}
const links = {
  'libtensorflow.so': 'libtensorflow_cc.so.2',
  'libtensorflow_framework.so': 'libtensorflow_framework.so.2'
}
const headers = ['tensorflow/c/', 'tensorflow/core/platform/', 'tensorflow/tsl/', 'tsl/']
  .concat('xla/tsl/c/')
  .map((folder) => `tensorflow/include/${folder}`)

const without =
  'training falls back to the WebAssembly backend, several times slower; all else works'
const binding = inProject('node_modules', '@tensorflow', 'tfjs-node')
const built = join(binding, 'lib', 'napi-v8', 'tfjs_binding.node')
const kernels = 'normscope_kernels.node'
const kernelSources = ['src/main/trainer/native/kernels']
const sessionOptions = 'src/main/trainer/native/binding/session-options.cc'
const stamp = join(binding, 'lib', 'napi-v8', 'normscope.json')
const libraryFolder = inCache('libtensorflow', version)

const compilerFlags = ['-std=c++17', '-shared', '-fPIC', '-DNAPI_VERSION=8']
// Each operation is rounded by itself, so that every width of vectors gives the same bits.
const kernelFlags = ['-O3', '-ffp-contract=off', '-fno-math-errno', '-fno-trapping-math'].concat(
  '-mprefer-vector-width=512',
  '-pthread',
  // without headers that the C library itself does not need
  '-DIS_SLIM_BUILD'
)
const fromWheel = process.platform === 'linux' && process.arch === 'x64'

/** What decides about the compiled binding. */
const bindingKey = () =>
  hashOf([
    fromWheel ? wheel.sha256 : version,
    compilerFlags,
    kernelFlags,
    process.platform,
    process.arch,
    contentHash(inProject(), [...kernelSources, sessionOptions]),
    contentHash(binding, ['binding', 'package.json'])
  ])

/** What decides about all of it. */
export const tensorflowKey = () => hashOf([bindingKey(), binderHash()])

/** Of how symbols are bound. */
const binderHash = () => contentHash(inProject(), ['scripts/setup/bound-symbols.mjs'])

export function tensorflowReady() {
  const needed = fromWheel
    ? [join(binding, 'deps', 'lib', 'libtensorflow_cc.so.2'), join(dirname(built), kernels)]
    : []
  return [built, ...needed].every((file) => existsSync(file)) && isStamped(stamp, tensorflowKey())
}

/** Path in the library folder of a member of the wheel; undefined where it is not needed. */
function neededPath(name) {
  if (libraries[name]) return libraries[name]
  if (headers.some((folder) => name.startsWith(folder))) return name.replace('tensorflow/', '')
  return undefined
}

const manifestOf = (folder) => join(folder, 'manifest.json')

/** Whether the library folder holds all it should, by its list of sizes. */
function libraryComplete() {
  const files = readJson(manifestOf(libraryFolder))?.files
  return (
    files !== undefined &&
    Object.entries(files).every(
      ([path, size]) =>
        statSync(join(libraryFolder, path), { throwIfNoEntry: false })?.size === size
    )
  )
}

async function provideLibrary(step) {
  if (libraryComplete()) return bindLibrary(step)
  await withWheel(wheel, step, (file) =>
    publishFolder(libraryFolder, async (folder) => {
      const written = await unzip(file, (name) => {
        const path = neededPath(name)
        return path && join(folder, path)
      })
      const files = Object.fromEntries(
        Object.entries(written).map(([name, bytes]) => [neededPath(name), bytes])
      )
      for (const [name, target] of Object.entries(links)) {
        symlinkSync(target, join(folder, 'lib', name))
      }
      writeStamp(manifestOf(folder), wheel.sha256, { files, bound: bound(folder) })
    })
  )
}

/** Binds the library of a set-up that did not, or did otherwise; a copy, for it may be loaded. */
async function bindLibrary(step) {
  const { key, files, bound: before } = readJson(manifestOf(libraryFolder))
  if (before?.by === binderHash()) return
  step.doing('binding its symbols')
  await publishFolder(libraryFolder, (folder) => {
    cpSync(libraryFolder, folder, { recursive: true, verbatimSymlinks: true })
    writeStamp(manifestOf(folder), key, { files, bound: bound(folder) })
  })
}

/** Both libraries' own symbols: the first one's go before the second's. */
function bound(folder) {
  const [first, second] = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'].map((name) =>
    join(folder, 'lib', name)
  )
  return {
    by: binderHash(),
    first: bindSymbols(first),
    second: bindSymbols(second, namesDefinedIn(first))
  }
}

/** Makes `deps/<name>` of the package a link to the cache. */
function linkIntoPackage(name) {
  const link = join(binding, 'deps', name)
  mkdirSync(dirname(link), { recursive: true })
  if (lstatSync(link, { throwIfNoEntry: false })) rmSync(link, { recursive: true, force: true })
  symlinkSync(join(libraryFolder, name), link)
}

/** Compiles a shared library against libtensorflow; `what` it is, for messages. */
async function compile(target, what, args, step) {
  const compiler = findProgram('g++', 'c++', 'clang++')
  if (!compiler) {
    throw new SetupProblem('no C++ compiler was found', {
      tried: ['g++, c++ and clang++ on PATH'],
      remedy: 'install one (Debian: apt-get install g++), then start again',
      without
    })
  }
  step.doing(`compiling ${what}`)
  const include = join(libraryFolder, 'include')
  const output = `${target}.${process.pid}`
  mkdirSync(dirname(target), { recursive: true })
  const result = await run(compiler, [
    ...compilerFlags,
    ...['-I', inProject('node_modules', 'node-api-headers', 'include')],
    ...['-I', include],
    ...args,
    ...['-L', join(libraryFolder, 'lib'), '-ltensorflow', '-ltensorflow_framework'],
    '-Wl,-rpath,$ORIGIN/../../deps/lib',
    ...['-o', output]
  ])
  if (result.code !== 0) {
    rmSync(output, { force: true })
    throw new SetupProblem(`${what} could not be compiled`, {
      tried: [`${compiler}: ${lastLines(result, 6)}`],
      remedy: 'see the compiler message above; g++ 9 or newer is needed',
      without
    })
  }
  renameSync(output, target)
}

const bindingParts = () =>
  ['-O2', '-I', join(binding, 'binding')].concat(
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(binding, 'binding', name)),
    '-DTF_NewSessionOptions=NormscopeSessionOptions',
    inProject(sessionOptions)
  )

function kernelParts() {
  const sources = kernelSources.flatMap((folder) =>
    readdirSync(inProject(folder))
      .filter((name) => name.endsWith('.cc'))
      .map((name) => inProject(folder, name))
  )
  return [...kernelFlags, ...sources]
}

async function buildFromWheel(step) {
  await withLock(
    inCache('locks', 'libtensorflow.lock'),
    async () => {
      await provideLibrary(step)
      const compiled = inCache('binding', bindingKey().slice(0, 16))
      const made = [
        ['tfjs_binding.node', 'the binding to libtensorflow', bindingParts],
        [kernels, 'the kernels of training', kernelParts]
      ]
      for (const [name, what, parts] of made) {
        const file = join(compiled, name)
        if (!existsSync(file)) await compile(file, what, parts(), step)
      }
      linkIntoPackage('lib')
      linkIntoPackage('include')
      mkdirSync(dirname(built), { recursive: true })
      for (const [name] of made) {
        // A copy: the loader takes $ORIGIN from where the file itself lies.
        const file = join(dirname(built), name)
        copyFileSync(join(compiled, name), `${file}.${process.pid}`)
        renameSync(`${file}.${process.pid}`, file)
      }
    },
    { onWait: (pid) => step.doing(`waiting for another set-up (process ${pid})`) }
  )
}

/** Elsewhere than on Linux x86-64: what tfjs-node's own installer brings. */
async function installAsPackaged() {
  const installer = join(binding, 'scripts', 'install.js')
  const result = await run(process.execPath, [installer], { cwd: binding, timeoutSeconds: 900 })
  if (result.code === 0 && existsSync(built)) return
  throw new SetupProblem(`no libtensorflow for ${process.platform} on ${process.arch}`, {
    tried: [`tfjs-node's own installer: ${lastLines(result)}`],
    remedy: 'native training is provided by this set-up on Linux x86-64 only',
    without
  })
}

const probe = `
require('node:util').isNullOrUndefined ??= (value) => value == null
const tf = require('@tensorflow/tfjs-node')
const [product] = tf.matMul([[2, 3]], [[5], [7]]).dataSync()
if (product !== 31) throw new Error('2·5 + 3·7 came out as ' + product)
if (${fromWheel}) require('@tensorflow/tfjs-node/lib/napi-v8/${kernels}')
console.log('VERSION ' + tf.backend().binding.TF_Version)`

/** Multiplies two matrices in a process of its own, since a library that does not fit crashes. */
async function tryOut() {
  const result = await run(process.execPath, ['-e', probe], {
    cwd: inProject(),
    env: { TF_CPP_MIN_LOG_LEVEL: '2' },
    timeoutSeconds: 120
  })
  const found = /VERSION (\S+)/.exec(result.output)?.[1]
  if (result.code === 0 && found) return found
  throw new SetupProblem('libtensorflow does not run on this machine', {
    tried: [`a product of two matrices: exit ${result.code}, ${lastLines(result, 6)}`],
    remedy: 'a processor with AVX and glibc 2.27 or newer are needed',
    without
  })
}

/** Resolves to the version of TensorFlow that answers; throws a SetupProblem where none does. */
export async function provideTensorflow(report) {
  return report.step('libtensorflow', async (step) => {
    if (tensorflowReady()) return `${readJson(stamp).version} ready`
    rmSync(stamp, { force: true })
    try {
      if (fromWheel) await buildFromWheel(step)
      else await installAsPackaged()
    } catch (error) {
      if (error instanceof SetupProblem) error.without ??= without
      throw error
    }
    step.doing('trying it')
    const found = await tryOut()
    writeStamp(stamp, tensorflowKey(), { version: found })
    return `${found} provided`
  })
}
