import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { NormscopeError } from '../../../src/core/error'
import { DecoderPool } from '../../../src/main/data/files/decoder-pool'
import { greyPng } from '../../core/format/build'
import written from '../../reference/pictures.json'
import { PROGRAM_FOLDER } from '../trainer/trainer-process'
import { contentOf, factsOf, folderOf, open, scratch } from './helpers'

/** The real decoder, which ends or hangs at pictures of these names, as a native decoder may. */
function fragile(): string {
  const program = join(scratch(), 'fragile.cjs')
  writeFileSync(
    program,
    `process.on('message', ({ files }) => {
      if (files.some(({ name }) => name.includes('deadly'))) process.kill(process.pid, 'SIGABRT')
      while (files.some(({ name }) => name.includes('endless')));
      // as native code that allocates without end, and lets no event through
      for (const held = []; files.some(({ name }) => name.includes('greedy'));) {
        held.push(Buffer.alloc(1 << 24, 1))
      }
    })
    require(${JSON.stringify(join(PROGRAM_FOLDER, 'decoder.cjs'))})`
  )
  return program
}

const pictures = (names: readonly string[]): string =>
  folderOf(Object.fromEntries(names.map((name, index) => [`a/${name}.png`, greyPng([index])])))

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => `${index}`)

test('pictures come in their order, however many there are', async () => {
  const { pixels } = await contentOf(await open(pictures(numbers(700))))
  expect(pixels).toEqual(numbers(700).map((name) => Number(name) % 256))
})

test('a picture that ends the decoder costs itself alone, and is named', async () => {
  const names = [...numbers(20), 'deadly', 'z']
  const facts = await factsOf(() => open(pictures(names), { decoder: { program: fragile() } }))
  expect(facts).toMatchObject({ code: 'corrupt-image', path: 'a/deadly.png' })
  expect(facts.message).toContain('deadly.png cannot be decoded: the decoder ended (SIGABRT)')
})

test('pictures before and after one that ends the decoder are decoded', async () => {
  const folder = pictures(['0', '1', 'deadly', '3'])
  const decoders = new DecoderPool(() => undefined, { program: fragile() })
  const seen: (number | string)[] = []
  const take = async (names: readonly string[]): Promise<void> => {
    const files = names.map((name) => ({ name, path: join(folder, `a/${name}.png`) }))
    for await (const one of decoders.decode(files)) {
      seen.push(one instanceof NormscopeError ? one.facts.code : one.values[0]!)
    }
  }
  await take(['0', '1', 'deadly', '3'])
  await take(['3', '0'])
  expect(seen).toEqual([0, 1, 'corrupt-image', 3, 3, 0])
  await decoders.close()
})

test('a picture at which native code aborts costs itself alone', async () => {
  // colours apart and in tiles, whole: Rust's tiff crate fails an assertion in a thread that cannot unwind
  const { file } = written.find(({ name }) => name === 'apart-tiles.tif')!
  const program = join(scratch(), 'native.cjs')
  writeFileSync(
    program,
    `const { readFileSync } = require('node:fs')
    const { Transformer } = require(${JSON.stringify(createRequire(import.meta.url).resolve('@napi-rs/image'))})
    process.on('message', ({ files }) => {
      for (const { name, path } of files) {
        if (name.includes('native')) new Transformer(readFileSync(path)).rawPixelsSync()
      }
    })
    require(${JSON.stringify(join(PROGRAM_FOLDER, 'decoder.cjs'))})`
  )
  const bytes = Buffer.from(file, 'base64')
  const folder = folderOf({ 'a/1.tif': bytes, 'a/native.tif': bytes, 'b/3.tif': bytes })
  const options = { decoder: { program } }
  const dataset = await open(folder, { ...options, pictures: { damaged: 'leave-out' } })
  expect(dataset.splits.train.count).toBe(2)
  expect(dataset.warnings).toContain(
    'Images that could not be decoded were left out: 1 (a/native.tif).'
  )
  const facts = await factsOf(() => open(folder, options))
  expect(facts.message).toContain('native.tif cannot be decoded: the decoder ended (SIGABRT)')
})

describe('a decoder that is killed from outside', () => {
  /** The real decoder, which waits to be killed at a picture of this name, the first so many times. */
  function waiting(times: number): { readonly program: string; readonly mark: string } {
    const folder = scratch()
    const mark = join(folder, 'pids')
    const program = join(folder, 'waiting.cjs')
    writeFileSync(mark, '')
    writeFileSync(
      program,
      `const { appendFileSync, readFileSync } = require('node:fs')
      const mark = ${JSON.stringify(mark)}
      process.on('message', ({ files }) => {
        if (!files.some(({ name }) => name.includes('slow'))) return
        if (readFileSync(mark, 'utf8').split(' ').length > ${times}) return
        appendFileSync(mark, process.pid + ' ')
        for (;;);
      })
      require(${JSON.stringify(join(PROGRAM_FOLDER, 'decoder.cjs'))})`
    )
    return { program, mark }
  }

  /** Kills every decoder that waits, until the work is done. */
  async function killing<T>(mark: string, work: Promise<T>): Promise<T> {
    const killed = new Set<string>()
    const timer = setInterval(() => {
      for (const pid of readFileSync(mark, 'utf8').split(' ').filter(Boolean)) {
        if (killed.has(pid)) continue
        killed.add(pid)
        process.kill(Number(pid), 'SIGKILL')
      }
    }, 5)
    try {
      return await work
    } finally {
      clearInterval(timer)
    }
  }

  test('costs no picture', async () => {
    const { program, mark } = waiting(1)
    const work = open(pictures(['slow', '1', '2']), { decoder: { program } })
    expect((await contentOf(await killing(mark, work))).pixels).toEqual([1, 2, 0])
  })

  test('each time costs one picture, and it is said', async () => {
    const { program, mark } = waiting(Infinity)
    const damaged = { pictures: { damaged: 'leave-out' }, decoder: { program } } as const
    const dataset = await killing(mark, open(pictures(['0', 'slow', '2']), damaged))
    expect((await contentOf(dataset)).pixels).toEqual([0, 2])
    expect(dataset.warnings).toContain(
      'Images that could not be decoded were left out: 1 (a/slow.png).'
    )
  })
})

test('a picture that takes too long is named, and decoding goes on without it', async () => {
  const decoder = { program: fragile(), timeoutMs: 500 }
  const facts = await factsOf(() => open(pictures(['0', '1', 'endless']), { decoder }))
  expect(facts).toMatchObject({ code: 'corrupt-image', path: 'a/endless.png' })
  expect(facts.message).toContain('longer than 0.5 s')
})

test('decoding that hangs is ended at once where it is no longer wanted', async () => {
  const abort = new AbortController()
  const reason = { code: 'overtaken', message: 'Another data set was opened.' }
  const opening = factsOf(() =>
    open(pictures(['0', 'endless']), {
      decoder: { program: fragile() },
      signal: abort.signal,
      onProgress: (_, fraction) => {
        if (fraction === 0.5) abort.abort(new NormscopeError(reason))
      }
    })
  )
  expect(await opening).toEqual(reason)
}, 10_000)

test('a picture that takes too much memory is named, and decoding goes on without it', async () => {
  process.env.NORMSCOPE_DECODER_BYTES = String(300 * 2 ** 20)
  try {
    const folder = pictures(['0', 'greedy', '2'])
    const pictureOptions = { damaged: 'leave-out' } as const
    const dataset = await open(folder, {
      decoder: { program: fragile() },
      pictures: pictureOptions
    })
    expect((await contentOf(dataset)).pixels).toEqual([0, 2])
    expect(dataset.warnings).toContain(
      'Images that could not be decoded were left out: 1 (a/greedy.png).'
    )
    const facts = await factsOf(() => open(folder, { decoder: { program: fragile() } }))
    expect(facts.message).toContain('it takes more memory than a picture may')
  } finally {
    delete process.env.NORMSCOPE_DECODER_BYTES
  }
})

test('damaged pictures are left out with their labels where that is asked for, and named', async () => {
  const folder = folderOf({
    'a/1.png': greyPng([1]).slice(0, 40),
    'a/2.png': greyPng([2]),
    'b/deadly.png': greyPng([3]),
    'b/4.png': greyPng([4])
  })
  const options = { decoder: { program: fragile() }, pictures: { damaged: 'leave-out' } } as const
  const dataset = await open(folder, options)
  expect(await contentOf(dataset)).toEqual({ pixels: [2, 4], labels: [0, 1] })
  expect(dataset.warnings).toContain(
    'Images that could not be decoded were left out: 2 (a/1.png, b/deadly.png).'
  )
  // nothing is left of it where all are damaged
  const all = folderOf({ 'a/1.png': greyPng([1]).slice(0, 40) })
  expect((await factsOf(() => open(all, options))).code).toBe('corrupt-image')
})

test('a decoder that cannot be started is said to be missing', async () => {
  const decoder = { program: join(scratch(), 'nothing.cjs') }
  expect((await factsOf(() => open(pictures(['0']), { decoder }))).code).toBe('decoder-missing')
})

test('a picture of another size than the first is refused by name', async () => {
  const folder = folderOf({ 'a/1.png': greyPng([1]), 'b/1.png': greyPng([1, 2]) })
  expect(await factsOf(() => open(folder))).toMatchObject({ code: 'mixed-sizes', path: 'b/1.png' })
})

describe('pictures of several sizes', () => {
  const mixed = (): string =>
    folderOf({
      'a/1.png': greyPng([10, 20]),
      'a/2.png': greyPng([30, 40]),
      'b/1.png': greyPng([50, 60, 70, 80])
    })

  test('are refused with the sizes found and what to do', async () => {
    const facts = await factsOf(() => open(mixed()))
    expect(facts).toMatchObject({ code: 'mixed-sizes', actual: '1 × 2 (2), 1 × 4 (1)' })
    expect(facts.message).toContain('Sizes found: 1 × 2 (2), 1 × 4 (1).')
    expect(facts.hint).toContain('--resize 1x2')
  })

  test('are resized where a size is given, which is said', async () => {
    const folder = mixed()
    const size = { height: 1, width: 2, fit: 'stretch' } as const
    const dataset = await open(folder, { pictures: { size } })
    // half the width: a triangle over four pixels; (3·50 + 3·60 + 70) / 7 and (60 + 3·70 + 3·80) / 7
    expect((await contentOf(dataset)).pixels).toEqual([10, 20, 30, 40, 57, 73])
    expect(dataset.warnings).toContain(
      '1 of 3 images were resized to 1 × 2: they were 1 pixels high and 4 wide. Bilinear with antialiasing; their sides are not kept in proportion.'
    )
    const padded = await open(folder, { pictures: { size: { ...size, fit: 'pad', width: 4 } } })
    expect((await contentOf(padded)).pixels).toEqual([0, 10, 20, 0, 0, 30, 40, 0, 50, 60, 70, 80])
    expect(padded.id).not.toBe(dataset.id)
  })
})

test('settings for picture files are said not to apply to numbers', async () => {
  const path = join(folderOf({ 'a.csv': 'label,p\n0,1\n' }), 'a.csv')
  const { warnings } = await open(path, { pictures: { background: 'white' } })
  expect(warnings).toContain('Settings for picture files do not apply to CSV.')
})
