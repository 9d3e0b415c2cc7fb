import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../../out/main/cli.cjs', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** stdout as the one JSON object it must be */
  json(): Record<string, unknown>
}

export interface RunOptions {
  /** called once, when standard error holds these words */
  readonly when?: readonly [words: string, act: (child: ChildProcess) => void]
  readonly env?: NodeJS.ProcessEnv
  readonly uid?: number
  readonly cwd?: string
}

/** Runs the built program to its end. */
export function normscope(
  words: readonly string[],
  { when, env = process.env, uid, cwd }: RunOptions = {}
): Promise<Ended> {
  if (!existsSync(PROGRAM)) throw new Error('The program is not built: run npm run build.')
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
      uid,
      cwd
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    let acted = false
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
      if (acted || when === undefined || !stderr.includes(when[0])) return
      acted = true
      when[1](child)
    })
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({
        code,
        stdout,
        stderr,
        json: () => JSON.parse(stdout) as Record<string, unknown>
      })
    )
  })
}

/** A folder of its own for a test, and its removal. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'normscope-cli-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

const IMAGES = 120
const SIDE = 4

/**
 * Two classes told apart by their brightness: image i has class i % 2 and the same value in all of its
 * 16 pixels, (i % 100) for class 0 and 155 + (i % 100) for class 1.
 */
export function writeTwoClasses(folder: string): {
  readonly images: string
  readonly values: readonly number[]
} {
  const values = Array.from({ length: IMAGES }, (_, i) => (i % 2) * 155 + (i % 100))
  const header = (magic: number, ...sizes: number[]): Buffer => {
    const bytes = Buffer.alloc(4 + 4 * sizes.length)
    bytes.writeUInt32BE(magic, 0)
    sizes.forEach((size, at) => bytes.writeUInt32BE(size, 4 + 4 * at))
    return bytes
  }
  const pixels = Buffer.from(values.flatMap((value) => new Array<number>(SIDE * SIDE).fill(value)))
  const images = join(folder, 'train-images-idx3-ubyte')
  writeFileSync(images, Buffer.concat([header(0x803, IMAGES, SIDE, SIDE), pixels]))
  writeFileSync(
    join(folder, 'train-labels-idx1-ubyte'),
    Buffer.concat([header(0x801, IMAGES), Buffer.from(values.map((_, i) => i % 2))])
  )
  return { images, values }
}
