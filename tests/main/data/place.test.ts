import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openDataset } from '../../../src/main/data/open'
import { usualStore } from '../../../src/main/data/store/place'
import { writeSmallImages } from '../engine/small-images'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'normscope-place-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

describe('decoded images', () => {
  test('are kept in the cache of the user', () => {
    vi.stubEnv('XDG_CACHE_HOME', folder)
    expect(usualStore()).toEqual({ folder: join(folder, 'normscope', 'store') })
  })

  test('are kept in a temporary folder where the cache cannot be written to, and the set says so', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    vi.stubEnv('XDG_CACHE_HOME', file)
    const place = usualStore()
    expect(place.folder.startsWith(realpathSync(tmpdir()))).toBe(true)
    expect(place.note).toContain(
      `${join(file, 'normscope', 'store')} cannot be written to (ENOTDIR)`
    )
    expect(usualStore()).toBe(place)
    const images = writeSmallImages(join(folder, 'images'))
    const { warnings, splits } = await openDataset([images])
    expect(warnings).toEqual([place.note])
    expect(existsSync(splits.train.labels!.path)).toBe(true)
    expect(splits.train.labels!.path.startsWith(place.folder)).toBe(true)
  })
})
