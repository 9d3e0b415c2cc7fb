import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { findKeras } from '../../../../scripts/setup/keras.mjs'
import type { NetworkFramework } from '../../../../src/core/network/code/code'

export interface Program {
  readonly code: string
  readonly images: readonly number[]
  readonly shape: readonly number[]
  readonly weights: readonly (readonly number[])[]
  readonly labels?: readonly number[]
  /** Keras trains on the images as they lie, and does not shuffle them */
  readonly inOrder?: boolean
}

export interface Ran {
  readonly shapes: readonly (readonly number[])[]
  readonly trained: number
  readonly start: readonly (readonly number[])[]
  readonly outputs: readonly number[]
  readonly after?: readonly (readonly number[])[]
  /** of Keras: the mean over the images of the last epoch */
  readonly loss?: number
}

interface Python {
  readonly program: string
  /** goes before the person's own packages */
  readonly folder?: string
}

const SCRIPT = fileURLToPath(new URL('run-network.py', import.meta.url))

async function output({ program, folder }: Python, args: readonly string[], input = '') {
  const env = {
    ...process.env,
    KERAS_BACKEND: 'tensorflow',
    TF_CPP_MIN_LOG_LEVEL: '3',
    CUDA_VISIBLE_DEVICES: '-1',
    ...(folder && { PYTHONPATH: folder })
  }
  const child = spawn(program, args, { env, stdio: 'pipe' })
  const text = { out: '', error: '' }
  child.stdout.on('data', (chunk) => (text.out += String(chunk)))
  child.stderr.on('data', (chunk) => (text.error += String(chunk)))
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(text.error)
  return text.out
}

async function imports(python: Python, names: string): Promise<boolean> {
  const find = `import sys; from importlib.util import find_spec; sys.exit(not all(find_spec(n) for n in "${names}".split()))`
  return output(python, ['-c', find]).then(
    () => true,
    () => false
  )
}

async function firstWith(
  names: string,
  pythons: readonly (Python | undefined)[]
): Promise<Python | undefined> {
  for (const python of pythons) if (python && (await imports(python, names))) return python
  return undefined
}

const own: readonly Python[] = [
  process.env.NORMSCOPE_TEST_PYTHON,
  'python3',
  '/usr/bin/python3'
].flatMap((program) => (program ? [{ program }] : []))

/** Keras where `npm run bench` has put it before. */
async function benchKeras(): Promise<Python | undefined> {
  const found = (await (findKeras as () => Promise<unknown>)()) as
    { readonly python: string; readonly folder: string } | undefined
  return found && { program: found.python, folder: found.folder }
}

/** A Python that has the library, or undefined: then tests of it are skipped, visibly. */
export const PYTHONS: Readonly<Record<NetworkFramework, Python | undefined>> = {
  keras: await firstWith('numpy keras tensorflow', [await benchKeras(), ...own]),
  pytorch: await firstWith('numpy torch', own)
}

/** Runs all of them in one process. */
export async function runPrograms(
  framework: NetworkFramework,
  programs: readonly Program[]
): Promise<Ran[]> {
  const text = await output(PYTHONS[framework]!, [SCRIPT, framework], JSON.stringify(programs))
  return JSON.parse(text.trim().split('\n').at(-1)!) as Ran[]
}
