import { spawn } from 'node:child_process'

/** Runs a program to its end and reads the JSON object it prints last. */
export function run(command, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (chunk) => (text += chunk))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code !== 0) reject(new Error(`${command} ended with exit code ${code}: ${text}`))
      else resolve(JSON.parse(text.trim().split('\n').at(-1)))
    })
  })
}
