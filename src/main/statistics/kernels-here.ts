import { readFileSync } from 'node:fs'
import { errorFacts } from '../../core/error'
import type { Kernels } from '../../core/statistics/kernels/kernels'
import { PLAIN_KERNELS } from '../../core/statistics/kernels/plain'
import { builtProgram } from '../processes/built-program'
import { wasmKernels } from './wasm-kernels'
import type { TeamKernels } from './wasm-kernels'

interface Loaded {
  readonly kernels: Kernels
  /** the same, where threads can run them together */
  readonly team?: TeamKernels
  /** why they are the plain ones; absent where they are not */
  readonly problem?: string
}

let loaded: Loaded | undefined

/** The kernels of this thread: WebAssembly, or the plain ones where it cannot be had. */
export function kernelsHere(file = builtProgram('kernels.wasm')): Loaded {
  loaded ??= load(file)
  return loaded
}

/** Said on screen and in the log where statistics run without WebAssembly. */
export function kernelsNote(): string | undefined {
  const { problem } = kernelsHere()
  return problem === undefined
    ? undefined
    : `Statistics run without WebAssembly (${problem}): the numbers are the same but for rounding, and take longer.`
}

function load(file: string): Loaded {
  try {
    const kernels = wasmKernels(readFileSync(file))
    return { kernels, team: kernels }
  } catch (thrown) {
    return { kernels: PLAIN_KERNELS, problem: errorFacts(thrown).message }
  }
}
