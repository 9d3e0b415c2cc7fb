import { readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { factsOf, folderOf, open, scratch } from './helpers'
import { SAMPLES } from './samples'

/** Files of tests that this process has open. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((number) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${number}`)
      return path.includes('normscope-data-') ? [path] : []
    } catch {
      return [] // the listing's own
    }
  })
}

/** Handles that nobody closed are told of once they are collected. */
const warnings: string[] = []
const listen = ({ name, message }: Error): void => void warnings.push(`${name}: ${message}`)

const cut = (file: Uint8Array): Uint8Array => file.subarray(0, Math.floor(file.length * 0.7))

async function check(code: readonly string[], work: () => Promise<unknown>): Promise<void> {
  const facts = await factsOf(work)
  expect(code).toContain(facts.code)
  await vi.waitFor(() => expect(openFiles()).toEqual([]), { timeout: 2000, interval: 5 })
}

describe.skipIf(process.platform !== 'linux')('no file stays open', () => {
  beforeAll(() => void process.on('warning', listen))
  afterAll(() => {
    process.off('warning', listen)
    expect(warnings).toEqual([])
  })

  describe.each(Object.entries(SAMPLES))('%s', (_, { path, files }) => {
    const place = (changed: Readonly<Record<string, Uint8Array | string>> = {}): string =>
      join(folderOf({ ...files, ...changed }), path)
    const store = () => ({ folder: scratch() })

    test('when it was opened', async () => {
      const where = place()
      const shared = store()
      await check(['none'], () => open(where, { store: shared }))
      await check(['none'], () => open(where, { store: shared }))
    })

    test.each(Object.keys(files))('when %s is cut short, empty or a web page', async (name) => {
      const file = files[name]!
      for (const bad of [cut(file), new Uint8Array(0), '<html>']) {
        const where = place({ [name]: bad })
        const { code } = await factsOf(() => open(where, { store: store() }))
        await check([code], () => open(where, { store: store() }))
        expect(code).not.toBe('internal')
      }
    })

    test('when the labels given are of another number', async () => {
      const where = place()
      const labelsPath = join(folderOf({ 'l.csv': '0\n1\n' }), 'l.csv')
      // every column of a CSV is a pixel then
      await check(['count-mismatch', 'not-square'], () =>
        open(where, { store: store(), labelsPath })
      )
    })

    test('when it is cancelled, at whatever point', async () => {
      const where = place()
      for (let stop = 1; ; stop++) {
        const abort = new AbortController()
        let calls = 0
        const options = {
          store: store(),
          signal: abort.signal,
          onProgress: () => void (++calls === stop && abort.abort())
        }
        await check(['cancelled', 'none'], () => open(where, options))
        if (calls < stop) break
      }
    })

    test('when the store cannot be written', async () => {
      const where = place()
      const folder = join(folderOf({ 'a file': 'not a folder' }), 'a file')
      await check(['unwritable'], () => open(where, { store: { folder } }))
    })
  })
})
