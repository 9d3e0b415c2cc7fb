import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { NormscopeError } from '../../../src/core/error'
import { greyPng } from '../../core/format/build'
import { contentOf, factsOf, folderOf, open } from './helpers'

const hat = greyPng([1])
const shoe = greyPng([2])
const twoClasses = (): string => folderOf({ 'hat/1.png': hat, 'shoe/1.png': shoe })
const cannotLink = process.platform === 'win32'

describe.skipIf(cannotLink)('a walk through a folder', () => {
  test('takes no pipe for a picture, whether named like one or linked to', async () => {
    const folder = twoClasses()
    execFileSync('mkfifo', [join(folder, 'hat', 'pipe.png'), join(folder, 'hat', 'pipe')])
    symlinkSync(join(folder, 'hat', 'pipe'), join(folder, 'shoe', 'linked.png'))
    symlinkSync(join(folder, 'hat', 'pipe'), join(folder, 'shoe', 'linked'))
    expect((await contentOf(await open(folder))).pixels).toEqual([1, 2])
  })

  test('a pipe given as the labels file is refused', async () => {
    const folder = twoClasses()
    const pipe = join(folderOf({}), 'labels')
    execFileSync('mkfifo', [pipe])
    expect((await factsOf(() => open(folder, { labelsPath: pipe }))).code).toBe('not-a-file')
  }, 5000)

  test('counts each picture once where links lead up', async () => {
    const folder = twoClasses()
    symlinkSync('..', join(folder, 'hat', 'up'))
    symlinkSync('..', join(folder, 'shoe', 'up'))
    expect(await contentOf(await open(folder))).toEqual({ pixels: [1, 2], labels: [0, 1] })
  })

  test('ends soon where many links lead to their own folder', async () => {
    const folder = twoClasses()
    for (let index = 0; index < 8; index++) symlinkSync('.', join(folder, 'hat', `self${index}`))
    expect((await contentOf(await open(folder))).pixels).toEqual([1, 2])
  }, 5_000)

  test('follows a link to a folder elsewhere', async () => {
    const elsewhere = folderOf({ '1.png': shoe })
    const folder = folderOf({ 'hat/1.png': hat })
    symlinkSync(elsewhere, join(folder, 'shoe'))
    symlinkSync(join(folder, 'gone'), join(folder, 'hat', 'gone.png'))
    expect(await contentOf(await open(folder))).toEqual({ pixels: [1, 2], labels: [0, 1] })
  })

  test('goes once through a folder that two links lead into', async () => {
    const elsewhere = folderOf({ 'in/1.png': shoe })
    const folder = folderOf({ 'hat/1.png': hat })
    symlinkSync(join(elsewhere, 'in'), join(folder, 'a'))
    symlinkSync(elsewhere, join(folder, 'b'))
    expect((await contentOf(await open(folder))).pixels).toHaveLength(2)
  })

  test('keeps the classes of two links to one picture', async () => {
    const folder = twoClasses()
    symlinkSync(join(folder, 'hat', '1.png'), join(folder, 'hat', '2.png'))
    symlinkSync(join(folder, 'hat', '1.png'), join(folder, 'shoe', '2.png'))
    expect(await contentOf(await open(folder))).toEqual({ pixels: [1, 2], labels: [0, 1] })
  })
})

test('a walk is ended by its signal, with its reason, and tells how far it is', async () => {
  const folder = twoClasses()
  for (let index = 0; index < 40; index++)
    mkdirSync(join(folder, 'deep', String(index)), { recursive: true })
  const abort = new AbortController()
  const stages: string[] = []
  const reason = { code: 'overtaken', message: 'Another data set was opened.' }
  const facts = await factsOf(() =>
    open(folder, {
      signal: abort.signal,
      onProgress: (stage) => {
        stages.push(stage)
        abort.abort(new NormscopeError(reason))
      }
    })
  )
  expect(facts).toEqual(reason)
  expect(stages).toEqual(['Looking through the folder'])
})
