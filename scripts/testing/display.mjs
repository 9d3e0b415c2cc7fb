// A display of our own for the tests of the window.
import { spawn } from 'node:child_process'
import { track } from '../setup/command.mjs'

/**
 * Starts Xvfb on a free display number. Resolves to `{name, stop}`, name being the value of
 * DISPLAY; undefined where it does not start within ten seconds.
 */
export function startDisplay() {
  return new Promise((resolve) => {
    const args = ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp']
    const child = track(spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] }))
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      resolve(undefined)
    }, 10_000)
    const end = (answer) => {
      clearTimeout(timer)
      // whoever started it ends it, and does not wait for it to end by itself
      child.unref()
      child.stdio[3]?.unref()
      resolve(answer)
    }
    child.on('error', () => end(undefined))
    child.on('exit', () => end(undefined))
    let text = ''
    child.stdio[3].on('data', (chunk) => {
      text += chunk
      if (text.includes('\n')) end({ name: `:${text.trim()}`, stop: () => child.kill() })
    })
  })
}
