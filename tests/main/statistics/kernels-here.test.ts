import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { compiledKernels } from '../../../scripts/setup/kernels.mjs'

const folder = mkdtempSync(join(tmpdir(), 'normscope-kernels-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** As in a new thread: nothing is loaded. */
async function fresh() {
  vi.resetModules()
  return import('../../../src/main/statistics/kernels-here')
}

describe('the kernels of a thread', () => {
  beforeEach(() => vi.resetModules())

  it('are WebAssembly where the module is there, and nothing is said', async () => {
    const file = join(folder, 'kernels.wasm')
    writeFileSync(file, await compiledKernels())
    const { kernelsHere, kernelsNote } = await fresh()
    expect(kernelsHere(file).kernels.kind).toBe('wasm')
    expect(kernelsHere(file).problem).toBeUndefined()
    expect(kernelsNote()).toBeUndefined()
  }, 60_000)

  it('are the plain ones where it cannot be had, and that is said', async () => {
    const file = join(folder, 'broken.wasm')
    writeFileSync(file, 'no module')
    for (const path of [file, join(folder, 'missing.wasm')]) {
      const { kernelsHere, kernelsNote } = await fresh()
      const { kernels, problem } = kernelsHere(path)
      expect(kernels.kind).toBe('plain')
      expect(problem).toMatch(path === file ? /WebAssembly/ : /missing\.wasm/)
      expect(kernelsNote()).toContain(`without WebAssembly (${problem})`)
    }
  })
})
