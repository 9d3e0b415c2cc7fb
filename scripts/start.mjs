#!/usr/bin/env node
// `npm start`: provides what the app needs, builds it if its sources changed, and opens it.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { isRoot } from './setup/apt.mjs'
import { endChildrenWithUs, findProgram, track } from './setup/command.mjs'
import { missingLibraries } from './setup/electron.mjs'
import { provideParts } from './setup/parts.mjs'
import { dataFolder, inProject, projectFolder, userFolder } from './setup/paths.mjs'
import { SetupProblem } from './setup/problem.mjs'
import { Report } from './setup/report.mjs'
import { LogFile, sortLines } from './start/log.mjs'

const help = `Usage: npm start                   open Normscope in its window, or in the browser without a display
       npm start -- PATH           open it with a data set
       npm start -- --serve        serve it on the loopback address (--port N for a fixed port,
                                   --folder FOLDER for where files may be opened)`

const report = new Report()
let ending = false
const wanted = process.argv.slice(2)
const args = wanted.filter((argument) => argument !== '--serve')

if (wanted.includes('--help') || wanted.includes('-h')) console.log(help)
else await start()

/** Whether a window can be shown here. */
function hasDisplay() {
  if (process.platform !== 'linux') return true
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

async function start() {
  endChildrenWithUs(() => {
    ending = true
  })
  const windowed = !wanted.includes('--serve') && hasDisplay()
  if (windowed && wanted.some((word) => word.split('=')[0] === '--port')) {
    report.line('--port is for a browser: npm start -- --serve --port N')
    process.exitCode = 2
    return
  }
  try {
    const shell = windowed ? ['electron'] : []
    const names = ['packages', 'tensorflow', ...shell, 'fashionMnist', 'build']
    const { found } = await provideParts(names, report)
    if (windowed && (await canOpen(found.electron))) openWindow(found.electron)
    else {
      if (!windowed && !wanted.includes('--serve')) {
        report.line('No display (DISPLAY and WAYLAND_DISPLAY are not set): serving the app instead')
      }
      serve()
    }
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error
    process.exitCode = 1
  }
}

async function canOpen(electron) {
  if (!electron) {
    report.line('No Electron: serving the app instead')
    return false
  }
  const missing = await missingLibraries(electron.executable)
  if (missing.length > 0) {
    report.line(`Electron needs libraries that this system lacks: ${missing.join(', ')}`)
    report.line(
      'Serving the app instead (Debian: apt-get install libgtk-3-0 libnss3 libasound2 libgbm1)'
    )
  }
  return missing.length === 0
}

/** Ends this process as the child ended; what a person cannot act on goes to the log. */
function follow(child) {
  track(child)
  const log = new LogFile(join(dataFolder(), 'normscope.log'), (reason) =>
    report.line(`No log is kept: ${reason}`)
  )
  report.line(`Messages of Chromium and TensorFlow go to ${log.path}`)
  log.write(`-- ${new Date().toISOString()} --`)
  const unseen = sortLines(child.stderr, log, (line) => console.error(line))
  child.on('error', (error) => {
    report.line(`It could not be started: ${error.message}`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 1
    if (ending || (!code && !signal)) return
    if (signal) report.line(`Ended by ${signal}`)
    // usage errors are told in full; anything else is in the log
    if (code !== 2) void unseen.then((lines) => lines.forEach((line) => report.line(`    ${line}`)))
  })
}

function openWindow({ executable, version }) {
  const switches = []
  if (process.platform === 'linux' && isRoot()) {
    switches.push('--no-sandbox')
    report.line("Running as root, where Electron's sandbox cannot start: --no-sandbox is added")
  }
  report.line(`Opening the window (Electron ${version})`)
  const started = Date.now()
  const child = spawn(executable, [...switches, projectFolder, ...args], {
    cwd: userFolder('start'),
    // Terminals inside editors set the first, and Electron would then be a plain Node; the second
    // would run code of others in the app.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: undefined, NODE_OPTIONS: undefined },
    // what Electron says on standard output, it says to developers
    stdio: ['ignore', 'ignore', 'pipe']
  })
  follow(child)
  child.on('exit', (code, signal) => {
    if ((code || signal) && !ending && Date.now() - started < 10_000) {
      report.line('The window did not open; the same app in a browser: npm start -- --serve')
    }
  })
}

function serve() {
  const child = spawn(process.execPath, [inProject('out', 'main', 'cli.cjs'), 'serve', ...args], {
    cwd: userFolder('start'),
    stdio: ['ignore', 'pipe', 'pipe']
  })
  follow(child)
  let said = ''
  let opened = false
  child.stdout.on('data', (chunk) => {
    process.stdout.write(chunk)
    if (opened) return
    said += chunk
    const address = /http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):(\d+)\/\S*(?=\s)/.exec(said)
    if (!address) return
    opened = true
    openBrowser(address[0], address[1])
  })
}

/** Opens the address in the default browser where there is a screen for one. */
function openBrowser(address, port) {
  if (!hasDisplay()) {
    report.line(
      `From another machine: ssh -L ${port}:127.0.0.1:${port} THIS_HOST, then open the address`
    )
    return
  }
  const openers = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }
  const [program, ...rest] = openers[process.platform] ?? ['xdg-open']
  if (!findProgram(program)) return
  const child = spawn(program, [...rest, address], { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}
