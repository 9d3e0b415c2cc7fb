/** As in scripts/setup/kernels.mjs. */
const MOST_PAGES = 32768

/** Memory of a module; shared, as its views then stay good when it grows. */
export const newMemory = (): WebAssembly.Memory =>
  new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true })

/** Where threads that work together agree, as src/wasm/team.ts has it; behind what a module has of its own. */
export const TEAM = 4096
export const TEAM_END = TEAM + 4096
const LOST = TEAM + 192
const OVER = -(2n ** 63n)

/** Who assists there goes. */
export function endTeam({ buffer }: WebAssembly.Memory): void {
  Atomics.store(new BigInt64Array(buffer, TEAM, 1), 0, OVER)
}

/** Somebody who assisted there ended in the middle of it: the work fails. */
export function loseOfTeam({ buffer }: WebAssembly.Memory): void {
  Atomics.store(new Int32Array(buffer, LOST, 1), 0, 1)
}
