import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { engineFolder, value } from '../engine-set-up'
import type { TestEngine } from '../engine-set-up'

const { folder, images, setUp } = engineFolder()

/** Holds back the counting of pixels until it is settled. */
const counting = vi.hoisted(() => ({ begins: Promise.resolve() }))
vi.mock('../../../../src/main/engine/dataset/prepare', async (load) => {
  const original = await load<typeof import('../../../../src/main/engine/dataset/prepare')>()
  const summarise: typeof original.summarise = async (...of) => {
    await counting.begins
    return original.summarise(...of)
  }
  return { ...original, summarise }
})

/** Where the data set that is being opened is named. */
const marker = (kept: string): string => join(folder, kept, 'opening.json')

const nameOf = async ({ engine }: TestEngine): Promise<string | undefined> =>
  (await value(engine.dataset({})))?.name

describe('the first data set', () => {
  it('is the one that was open last, and the status says which and from when, without a notice', async () => {
    const first = setUp('last', { now: () => Date.UTC(2026, 10, 24, 12) })
    await first.engine.openDataset({ paths: [images] })
    await first.shell.close()
    const second = setUp('last')
    await second.shell.openFirst()
    expect(await nameOf(second)).toBe('images')
    expect(second.notices()).toEqual([])
    expect((await value(second.engine.status({}))).restored).toMatchObject({
      paths: [images],
      openedAt: Date.UTC(2026, 10, 24, 12)
    })
    await second.engine.openDataset({ paths: ['fashion-mnist'] })
    expect((await value(second.engine.status({}))).restored).toBeUndefined()
  })

  it('is opened again without a word after the engine was lost', async () => {
    await setUp('lost').engine.openDataset({ paths: [images] })
    await vi.waitFor(() => expect(existsSync(marker('lost'))).toBe(false))
    const second = setUp('lost')
    await second.shell.openFirst(undefined, { resume: true })
    expect(await nameOf(second)).toBe('images')
    expect(second.notices()).toEqual([])
  })

  it('is Fashion-MNIST, and it is said, where the one that was open last has moved', async () => {
    const moved = join(folder, 'moved')
    mkdirSync(join(folder, 'gone'))
    writeFileSync(
      join(folder, 'gone', 'recent.json'),
      JSON.stringify([{ path: moved, name: 'Moved', openedAt: 1 }])
    )
    const only = setUp('gone')
    await only.shell.openFirst()
    expect(await nameOf(only)).toBe('Fashion-MNIST')
    expect(only.notices()).toMatchObject([{ level: 'warning', error: { code: 'missing-file' } }])
  })

  it('is opened again with its labels file and its test images', async () => {
    const apart = join(folder, 'apart')
    mkdirSync(apart)
    copyFileSync(join(images, 'train-images-idx3-ubyte'), join(apart, 'pictures'))
    copyFileSync(join(images, 'train-labels-idx1-ubyte'), join(apart, 'classes'))
    const source = {
      ...{ paths: [join(apart, 'pictures')], labelsPath: join(apart, 'classes') },
      testPath: join(images, 't10k-images-idx3-ubyte')
    }
    const first = setUp('labels')
    const { id } = await value(first.engine.openDataset(source))
    expect(await value(first.engine.recentDatasets({}))).toMatchObject([source])
    await first.shell.close()
    const second = setUp('labels')
    await second.shell.openFirst()
    expect((await value(second.engine.dataset({})))?.id).toBe(id)
  })
})

it('of several files is opened again with all of them, by name or by a study', async () => {
  const apart = join(folder, 'several')
  mkdirSync(apart)
  for (const name of ['b', 'a']) {
    for (const kind of ['images-idx3-ubyte', 'labels-idx1-ubyte']) {
      copyFileSync(join(images, `train-${kind}`), join(apart, `${name}-${kind}`))
    }
  }
  const paths = ['b', 'a'].map((name) => join(apart, `${name}-images-idx3-ubyte`))
  const first = setUp('several')
  const { id, splits, name } = await value(first.engine.openDataset({ paths }))
  expect({ name, count: splits.train.count }).toEqual({ name: '2 files in several', count: 24 })
  const { text } = await value(first.engine.studyFile({ choices: [], configs: [] }))
  await first.shell.close()
  const second = setUp('several')
  await second.shell.openFirst()
  expect((await value(second.engine.dataset({})))?.id).toBe(id)
  expect((await value(second.engine.status({}))).restored).toMatchObject({ paths })
  const third = setUp('several-study')
  await value(third.engine.openStudy({ name: 'a.normscope', text }))
  expect((await value(third.engine.dataset({})))?.id).toBe(id)
  expect(await value(third.engine.recentDatasets({}))).toMatchObject([{ paths }])
})

describe('a path that was named', () => {
  it('and cannot be read leaves open what is open, and the error is said', async () => {
    const only = setUp('second-start')
    await only.engine.openDataset({ paths: [images] })
    await only.shell.openFirst([join(folder, 'not-there')])
    expect(await nameOf(only)).toBe('images')
    expect(only.notices()).toMatchObject([{ level: 'error', error: { code: 'missing-file' } }])
    const recent = await value(only.engine.recentDatasets({}))
    expect(recent.map(({ paths }) => paths)).toEqual([[images]])
  })

  it('and cannot be read at the start is followed by what was open last', async () => {
    const first = setUp('bad-start')
    await first.engine.openDataset({ paths: [images] })
    await first.shell.close()
    const second = setUp('bad-start')
    await second.shell.openFirst([join(folder, 'not-there')])
    expect(await nameOf(second)).toBe('images')
    expect(second.notices()[0]).toMatchObject({ level: 'error' })
  })
})

describe('a data set that was being opened when the engine died', () => {
  it('is not opened again by itself; another one is, and the person is asked', async () => {
    const first = setUp('deadly')
    await first.engine.openDataset({ paths: [images] })
    await first.shell.close()
    // as versions before several paths wrote it
    writeFileSync(marker('deadly'), JSON.stringify({ path: images }))
    const second = setUp('deadly')
    await second.shell.openFirst(undefined, { resume: true })
    expect(await nameOf(second)).toBe('Fashion-MNIST')
    const [notice] = second.notices()
    expect(notice).toMatchObject({
      ...{ level: 'warning', error: { code: 'opening-interrupted', path: images } },
      action: { open: { paths: [images] } }
    })
    await vi.waitFor(() => expect(existsSync(marker('deadly'))).toBe(false))
  })

  it('leaves what was open before it to be opened again', async () => {
    const first = setUp('deadly-other')
    await first.engine.openDataset({ paths: [images] })
    await first.shell.close()
    writeFileSync(marker('deadly-other'), JSON.stringify({ path: '/bad.png' }))
    const second = setUp('deadly-other')
    await second.shell.openFirst(undefined, { resume: true })
    expect(await nameOf(second)).toBe('images')
  })

  it('is on disk while it is opened, and only then', async () => {
    const seen: string[] = []
    const only = setUp('marked')
    const opening = only.engine.openDataset({ paths: ['generated'] })
    // the first progress comes from the reader
    while (!only.events.some(([name]) => name === 'openProgress')) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    seen.push(readFileSync(marker('marked'), 'utf8'))
    await opening
    await only.shell.close()
    expect(seen.map((text) => JSON.parse(text) as unknown)).toEqual([{ paths: ['generated'] }])
    expect(existsSync(marker('marked'))).toBe(false)
  })

  it('counts as being opened until its pixels are counted', async () => {
    let count = (): void => undefined
    counting.begins = new Promise((resolve) => (count = resolve))
    const first = setUp('counted')
    await first.engine.openDataset({ paths: [images] })
    expect(JSON.parse(readFileSync(marker('counted'), 'utf8'))).toEqual({ paths: [images] })
    // another that cannot be opened meanwhile takes nothing away
    await first.engine.openDataset({ paths: [join(folder, 'nothing')] })
    expect(JSON.parse(readFileSync(marker('counted'), 'utf8'))).toEqual({ paths: [images] })
    count()
    await vi.waitFor(() => expect(existsSync(marker('counted'))).toBe(false))
  })

  it('is opened again where it is one of the app itself, which hold nothing damaged', async () => {
    mkdirSync(join(folder, 'own'))
    writeFileSync(marker('own'), JSON.stringify({ path: 'fashion-mnist' }))
    const only = setUp('own')
    await only.shell.openFirst(undefined, { resume: true })
    expect(await nameOf(only)).toBe('Fashion-MNIST')
    expect(only.notices()).toEqual([])
  })
})
