import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { Hdf5Process } from '../../../src/main/data/files/hdf5'
import { PROGRAM_FOLDER } from '../trainer/trainer-process'
import { factsOf, scratch } from './helpers'
import written from '../../reference/hdf5.json'

const folder = scratch()

/** The real reader, at whose files of these names something goes wrong, as a damaged file may do it. */
function fragile(): string {
  const program = join(folder, 'fragile.cjs')
  writeFileSync(
    program,
    `const { existsSync, writeFileSync } = require('node:fs')
    process.on('message', ({ called }) => {
      if (called.includes('deadly')) process.kill(process.pid, 'SIGABRT')
      while (called.includes('endless'));
      for (const held = []; called.includes('greedy');) held.push(Buffer.alloc(1 << 24, 1))
      if (called.includes('killed') && !existsSync(called)) {
        writeFileSync(called, '')
        process.kill(process.pid, 'SIGKILL')
      }
    })
    require(${JSON.stringify(join(PROGRAM_FOLDER, 'hdf5.cjs'))})`
  )
  return program
}

const { files } = written.sets.find(({ name }) => name === 'arrays x and y')!
const path = join(folder, 'a.h5')
writeFileSync(path, gunzipSync(Buffer.from((files as { 'a.h5': string })['a.h5'], 'base64')))

async function numbersOf(reader: Hdf5Process, called: string): Promise<number[]> {
  const file = await reader.open(path, called)
  const found: number[] = []
  const x = file.arrays.find(({ name }) => name === 'x')!
  if ('refused' in x) throw new Error(x.refused.message)
  for await (const piece of file.numbers(x)) found.push(...piece)
  return found
}

const WHOLE = Array.from({ length: 72 }, (_, at) => (at * 7) % 251)

describe('a file at which the process ends is refused, and the next one is read', () => {
  test.each([
    ['aborts', 'deadly.h5', 'the process that reads it ended (SIGABRT)'],
    ['goes on for ever', 'endless.h5', 'reading it took longer than 0.6 s'],
    ['takes memory without end', 'greedy.h5', 'it takes more memory than a file may']
  ])('where it %s', async (_, name, says) => {
    process.env.NORMSCOPE_DECODER_BYTES = String(300 * 2 ** 20)
    const timeoutMs = name.startsWith('endless') ? 600 : undefined
    const reader = new Hdf5Process(() => undefined, { program: fragile(), timeoutMs })
    try {
      const facts = await factsOf(() => numbersOf(reader, name))
      expect(facts).toMatchObject({ code: 'corrupt-hdf5', path: name })
      expect(facts.message).toContain(says)
      expect(await numbersOf(reader, 'a.h5')).toEqual(WHOLE)
    } finally {
      delete process.env.NORMSCOPE_DECODER_BYTES
      await reader.close()
    }
  })
})

test('a process that the system killed is started once more', async () => {
  const reader = new Hdf5Process(() => undefined, { program: fragile() })
  const mark = join(folder, 'killed')
  expect(await numbersOf(reader, mark)).toEqual(WHOLE)
  expect(readFileSync(mark, 'utf8')).toBe('')
  await reader.close()
})

test('reading is ended while the process is busy', async () => {
  let ended = false
  const reader = new Hdf5Process(
    () => {
      if (ended) throw new Error('ended')
    },
    { program: fragile() }
  )
  const work = numbersOf(reader, 'endless.h5')
  ended = true
  await expect(work).rejects.toThrow('ended')
  await reader.close()
  await expect(reader.open(path, path)).rejects.toThrow('ended')
})

test('a program that is not there is said', async () => {
  const reader = new Hdf5Process(() => undefined, { program: join(folder, 'none.cjs') })
  expect(await factsOf(() => reader.open(path, path))).toMatchObject({ code: 'reader-missing' })
  await reader.close()
})
