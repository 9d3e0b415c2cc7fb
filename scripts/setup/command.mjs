// Other programs: run, watched, and ended with us.
import { spawn } from 'node:child_process'
import { accessSync, constants, readdirSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

const running = new Set()

/** Full path of the first of `names` found on PATH; undefined if none is. */
export function findProgram(...names) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : ['']
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      for (const ending of endings) {
        const file = join(folder, name + ending)
        try {
          accessSync(file, constants.X_OK)
          if (statSync(file).isFile()) return file
        } catch {
          // not here
        }
      }
    }
  }
  return undefined
}

/** Ends a child and, where it leads a process group, all that it started. */
function end(child, signal) {
  try {
    if (child.leadsGroup) process.kill(-child.pid, signal)
    else child.kill(signal)
  } catch {
    // already gone
  }
}

/** Remembers a child so that it is ended when we are. */
export function track(child, { leadsGroup = false } = {}) {
  child.leadsGroup = leadsGroup
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

/** Sends `signal` to every child that still runs. */
export function endChildren(signal = 'SIGTERM') {
  for (const child of running) end(child, signal)
}

const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }

/**
 * Makes Ctrl-C, SIGTERM and a closed terminal end all children, at the latest after three seconds,
 * and then this process with the customary exit code. Returns a function that takes this back.
 */
export function endChildrenWithUs(onSignal = () => {}) {
  const handlers = Object.entries(signals).map(([signal, code]) => {
    const handler = () => {
      onSignal(signal)
      endChildren(signal)
      const deadline = Date.now() + 3000
      const look = () => {
        if (running.size > 0 && Date.now() < deadline) return setTimeout(look, 30)
        endChildren('SIGKILL')
        process.exit(code)
      }
      look()
    }
    process.on(signal, handler)
    return [signal, handler]
  })
  return () => handlers.forEach(([signal, handler]) => process.off(signal, handler))
}

/**
 * Runs a program to its end without input. Resolves to `{code, output, error}`: exit code (-1 when
 * it could not be started or was killed), its last 20,000 characters, and why it did not start.
 */
export function run(program, args, { cwd, env, timeoutSeconds, onOutput } = {}) {
  return new Promise((resolve) => {
    // A group of its own: ending it also ends compilers and helpers it started.
    const leadsGroup = process.platform !== 'win32'
    const child = track(
      spawn(program, args, {
        cwd,
        env: { ...process.env, NO_COLOR: '1', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: leadsGroup
      }),
      { leadsGroup }
    )
    let output = ''
    const collect = (chunk) => {
      output = (output + chunk).slice(-20_000)
      onOutput?.(String(chunk))
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    let late = false
    const timer =
      timeoutSeconds &&
      setTimeout(() => {
        late = true
        end(child, 'SIGKILL')
      }, timeoutSeconds * 1000)
    const finish = (code, error) => {
      running.delete(child)
      clearTimeout(timer)
      // Some tools colour their words whatever NO_COLOR says.
      resolve({ code, output: stripVTControlCharacters(output), error })
    }
    child.on('error', (error) => finish(-1, error.message))
    child.on('close', (code) =>
      finish(code ?? -1, late ? `no end after ${timeoutSeconds} s` : undefined)
    )
  })
}

/** The last lines of what a program said, for an error message. */
export const lastLines = ({ code, output, error }, count = 3) =>
  [...output.trim().split('\n').slice(-count), ...(error ? [error] : [])]
    .concat(output.trim() || error ? [] : [`exit ${code}, without a word`])
    .map((line) => line.trim())
    .filter((line) => line && !/^at .*:\d+/.test(line))
    .join(' | ')

/** Bytes in a folder and below; 0 where it is absent. */
export function folderBytes(folder) {
  let bytes = 0
  let entries
  try {
    entries = readdirSync(folder, { withFileTypes: true })
  } catch {
    return 0
  }
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) bytes += folderBytes(path)
    else bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0
  }
  return bytes
}

/** Calls `show(bytes)` with the size of a folder until `work` is done: progress of others' downloads. */
export async function watchFolder(folder, show, work) {
  const timer = setInterval(() => show(folderBytes(folder)), 200)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}
