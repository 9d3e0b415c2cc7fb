import { existsSync, linkSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { KeptDatasets } from '../../../../src/main/engine/journal/datasets'
import { engineFolder } from '../engine-set-up'

const { folder } = engineFolder()

function setUp(kept: string, mine = true, files: Readonly<Record<string, string>> = {}) {
  const own = join(folder, kept)
  mkdirSync(own, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(own, name), text)
  const [onFailure, onDamaged] = [vi.fn(), vi.fn()]
  const options = { folder: own, mine, onFailure, onDamaged, onWritten: vi.fn(), retryMs: 5 }
  return { own, onFailure, onDamaged, datasets: new KeptDatasets(options) }
}

const opened = (number: number) => ({ paths: [`/${number}`], name: `${number}`, openedAt: number })

describe('recent data sets', () => {
  it('are the newest ten, each once, for the next start too', async () => {
    const { datasets } = setUp('recent')
    for (let number = 1; number <= 12; number++) await datasets.opened(opened(number))
    await datasets.opened({ ...opened(5), openedAt: 13 })
    const paths = ['/5', '/12', '/11', '/10', '/9', '/8', '/7', '/6', '/4', '/3']
    expect(datasets.recent.flatMap((each) => each.paths)).toEqual(paths)
    expect(setUp('recent').datasets.recent.flatMap((each) => each.paths)).toEqual(paths)
  })

  it('are read as older versions kept them, with one path', async () => {
    const old = JSON.stringify([{ path: '/1', labelsPath: '/l', name: '1', openedAt: 1 }])
    const { datasets } = setUp('old', true, { 'recent.json': old })
    expect(datasets.recent).toEqual([{ ...opened(1), labelsPath: '/l' }])
    await datasets.opened({ ...opened(1), openedAt: 2 })
    expect(datasets.recent).toEqual([{ ...opened(1), openedAt: 2 }])
  })

  it('are told apart by all their files', async () => {
    const { datasets } = setUp('several')
    await datasets.opened({ ...opened(1), paths: ['/1', '/2'] })
    await datasets.opened({ ...opened(2), paths: ['/1', '/3'] })
    expect(setUp('several').datasets.recent.map(({ paths }) => paths)).toEqual([
      ['/1', '/3'],
      ['/1', '/2']
    ])
  })

  it.each([
    ['is no JSON', '[{"path":'],
    ['says something else', '{"path":"/a"}']
  ])('are none where their file %s, which is set aside and named', (what, text) => {
    const { own, datasets, onDamaged } = setUp(`damaged ${what}`, true, { 'recent.json': text })
    expect(datasets.recent).toEqual([])
    const aside = join(own, 'recent.json.damaged')
    expect(onDamaged.mock.calls).toEqual([[aside]])
    expect(readFileSync(aside, 'utf8')).toBe(text)
  })

  it('that cannot be read are left alone in a folder of another process', async () => {
    const { own, datasets, onDamaged } = setUp('others', false, { 'recent.json': 'nothing' })
    expect(datasets.recent).toEqual([])
    expect(onDamaged).not.toHaveBeenCalled()
    await datasets.opened(opened(1))
    expect(datasets.recent).toEqual([opened(1)])
    expect(readFileSync(join(own, 'recent.json'), 'utf8')).toBe('nothing')
  })

  it.each(['10.0.0.1:8265', 'file:///etc', 'http://a:b@c', ''])(
    'a cluster that would be at %j is none',
    (address) => {
      const text = JSON.stringify({ address, on: true })
      const { datasets, onDamaged } = setUp(`at ${address.length}`, true, { 'cluster.json': text })
      expect(datasets.cluster).toBeUndefined()
      expect(onDamaged).toHaveBeenCalledOnce()
    }
  )

  it('that were set aside before stay', () => {
    const before = { 'recent.json.damaged': 'of before' }
    const { own } = setUp('twice', true, { 'recent.json': 'nothing', ...before })
    expect(readFileSync(join(own, 'recent.json.damaged'), 'utf8')).toBe('of before')
    expect(readFileSync(join(own, 'recent.json.2.damaged'), 'utf8')).toBe('nothing')
  })

  it.skipIf(process.platform === 'win32')(
    'whose damaged file cannot be set aside are a failure that is told',
    () => {
      // the longest path that Linux and macOS take is too short for the name of what is set aside
      const longest = process.platform === 'darwin' ? 1023 : 4095
      let kept = ''
      while (join(folder, kept, 'recent.json').length < longest) {
        const room = longest - join(folder, kept, 'x', 'recent.json').length
        kept = join(kept, 'x'.repeat(Math.max(1, Math.min(200, room === 201 ? 100 : room + 1))))
      }
      const { own, onFailure, onDamaged } = setUp(kept, true, { 'recent.json': 'nothing' })
      expect(onFailure).toHaveBeenCalledOnce()
      expect(onDamaged).not.toHaveBeenCalled()
      expect(existsSync(join(own, 'recent.json'))).toBe(true)
    }
  )
})

describe('the data set that is being opened', () => {
  it('is written whole beside what was there, never over it', async () => {
    const { own, datasets } = setUp('opening')
    const file = join(own, 'opening.json')
    await datasets.opening({ paths: ['/a'] })
    linkSync(file, join(own, 'as-it-was'))
    await datasets.opening({ paths: ['/b'] })
    expect(readFileSync(join(own, 'as-it-was'), 'utf8')).toBe('{"paths":["/a"]}')
    expect(setUp('opening').datasets.interrupted).toEqual({ paths: ['/b'] })
  })
})
