import { spawn } from 'node:child_process'

const children = new Set()
process.on('exit', () => {
  for (const child of children) child.kill()
})

/**
 * Runs a program to its end and reads the JSON object it prints last; `started` is told its process.
 * What it says otherwise is told where it fails.
 */
export function run(command, args, env = process.env, started = () => undefined) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    children.add(child)
    let text = ''
    let errors = ''
    started(child)
    child.stdout.on('data', (chunk) => (text += chunk))
    child.stderr.on('data', (chunk) => (errors = (errors + chunk).slice(-4000)))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      children.delete(child)
      if (code === 0) return resolve(JSON.parse(text.trim().split('\n').at(-1)))
      const said = `${text}\n${errors}`.trim().split('\n')
      const how = signal ?? `exit code ${code}`
      reject(new Error(`${how}: ${causeIn(said)}\n${said.slice(-12).join('\n')}`))
    })
  })
}

/** The last line that says something: places in the code are indented, and Node ends with its version. */
const causeIn = (lines) =>
  lines.findLast((line) => /^\p{L}/u.test(line) && !line.startsWith('Node.js v')) ?? lines.at(-1)

/** An option that the part cannot take; the message says which it expects. */
export class WrongCall extends Error {}

/** Options that are whole numbers, by name; throws what to say about one that is not. */
export function wholeNumbers(options, least = {}) {
  return Object.fromEntries(
    Object.entries(options).map(([name, text]) => {
      const value = Number(text)
      const from = least[name] ?? 1
      if (Number.isInteger(value) && value >= from) return [name, value]
      throw new WrongCall(`--${name} expects a whole number of at least ${from}, not "${text}".`)
    })
  )
}
