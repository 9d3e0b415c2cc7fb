import { spawn } from 'node:child_process'

/** Runs a program to its end and reads the JSON object it prints last; `started` is told its process. */
export function run(command, args, env = process.env, started = () => undefined) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    started(child)
    child.stdout.on('data', (chunk) => (text += chunk))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code !== 0) reject(new Error(`${command} ended with exit code ${code}: ${text}`))
      else resolve(JSON.parse(text.trim().split('\n').at(-1)))
    })
  })
}
