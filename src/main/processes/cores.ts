import * as os from 'node:os'

/** Cores that this process may use; Node before 18.14, as an older Electron has it, knows the machine's only. */
export function coresHere(): number {
  const { availableParallelism } = os as Partial<Pick<typeof os, 'availableParallelism'>>
  return availableParallelism?.() ?? os.cpus().length
}
