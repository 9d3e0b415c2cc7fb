import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { inspect } from '../../../src/main/cli/inspect'
import { npy } from '../../core/format/build'
import { folderOf, scratch } from '../data/helpers'

beforeAll(() => void vi.stubEnv('XDG_CACHE_HOME', scratch()))
afterAll(() => void vi.unstubAllEnvs())

/** What is said beside the result. */
async function notes(values: readonly number[]): Promise<readonly string[]> {
  const path = join(folderOf({ 'x.npy': npy('|u1', [2, 2, 1], Uint8Array.from(values)) }), 'x.npy')
  const said: string[] = []
  const nothing = (): void => undefined
  const output = {
    ...{ json: false, say: nothing, give: nothing, log: (line: string) => said.push(line) },
    progress: { show: nothing, clear: nothing }
  }
  await inspect.run(
    { output, signal: new AbortController().signal, programFolder: '' } as never,
    [path],
    {}
  )
  return said
}

it('says where all values are alike', async () => {
  const alike = expect.stringContaining('All values are alike')
  expect(await notes([7, 7, 7, 7])).toContainEqual(alike)
  expect(await notes([7, 7, 7, 8])).not.toContainEqual(alike)
})
