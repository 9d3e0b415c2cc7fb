import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { NormscopeError } from '../../../src/core/error'
import { createRandom } from '../../../src/core/random'
import { openDataset } from '../../../src/main/data/open'
import { PLAIN_KERNELS } from '../../../src/core/statistics/kernels/plain'
import { JOBS } from '../../../src/main/statistics/jobs'
import { ThreadPool } from '../../../src/main/processes/thread-pool'
import { factsOf } from '../data/helpers'

const folder = mkdtempSync(join(tmpdir(), 'normscope-pool-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A float NPY of random images. */
async function randomSet() {
  const [count, size] = [60, 6]
  const random = createRandom(2)
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${count}, ${size}, ${size}), }`
  const padded = `${header.padEnd(117)}\n`
  const values = Float32Array.from({ length: count * size * size }, () => random.normal())
  const head = Buffer.from(`\x93NUMPY\x01\x00v\x00${padded}`, 'latin1')
  const path = join(folder, 'images.npy')
  writeFileSync(path, Buffer.concat([head, Buffer.from(values.buffer)]))
  return openDataset(path, { store: { folder: join(folder, 'store') } })
}

describe('threads of the statistics', () => {
  it('find what is found without them, bit by bit, however many they are', async () => {
    const dataset = await randomSet()
    const parts = [0, 20, 40].map((start) => ({
      dataset,
      split: 'train' as const,
      rows: Int32Array.from({ length: 20 }, (_, at) => start + at)
    }))
    const here = await Promise.all(
      parts.map((part) => JOBS.summary(part, { kernels: PLAIN_KERNELS }))
    )
    for (const most of [1, 3]) {
      const pool = new ThreadPool({ most })
      const there = await Promise.all(parts.map((part) => pool.run('summary', part)))
      expect(there).toEqual(here)
      await pool.close()
    }
  })

  it('that were started before there is work do it, and no more are started', async () => {
    const program = join(folder, 'counts.cjs')
    writeFileSync(
      program,
      `const { parentPort, threadId } = require('node:worker_threads')
      parentPort.on('message', () => parentPort.postMessage({ ok: true, value: threadId }))`
    )
    const pool = new ThreadPool({ most: 2, program })
    pool.start()
    pool.start()
    const jobs = Array.from({ length: 6 }, () => pool.run('where', {}))
    expect(new Set(await Promise.all(jobs)).size).toBeLessThanOrEqual(2)
    await pool.close()
  })

  it('hand on what a job throws, and go on with the next', async () => {
    const dataset = await randomSet()
    const pool = new ThreadPool({ most: 1 })
    const asked = { dataset, split: 'train', rows: Int32Array.of(60) }
    const [failed, done] = await Promise.all([
      factsOf(() => pool.run('summary', asked)),
      pool.run('summary', { ...asked, rows: Int32Array.of(59) })
    ])
    expect(failed.code).toBe('out-of-range')
    expect(done).toMatchObject({ count: 1 })
    await pool.close()
  })

  it('tell how far they are, and leave a job that is cancelled for the next one', async () => {
    const program = join(folder, 'steps.cjs')
    writeFileSync(
      program,
      `const { parentPort } = require('node:worker_threads')
      parentPort.on('message', ({ name, stop }) => {
        if (name === 'wait') {
          parentPort.postMessage({ done: 0.25 })
          Atomics.wait(stop, 0, 0)
        }
        parentPort.postMessage({ ok: true, value: name })
      })`
    )
    const pool = new ThreadPool({ most: 1, program })
    const controller = new AbortController()
    const { signal } = controller
    const shares: number[] = []
    const onStep = (share: number): void => {
      shares.push(share)
      controller.abort(new NormscopeError({ code: 'cancelled', message: 'Not wanted.' }))
    }
    const [at, behind, other] = await Promise.all([
      factsOf(() => pool.run('wait', {}, { signal, onStep })),
      factsOf(() => pool.run('wait', {}, { signal })),
      pool.run('other', {})
    ])
    expect([at.code, behind.code]).toEqual(['cancelled', 'cancelled'])
    expect(other).toBe('other')
    expect(shares).toEqual([0.25])
    expect((await factsOf(() => pool.run('other', {}, { signal }))).code).toBe('cancelled')
    await pool.close()
  })

  it('that end are an error of their job alone, with the reason', async () => {
    const program = join(folder, 'ends.cjs')
    writeFileSync(
      program,
      `require('node:worker_threads').parentPort.on('message', ({ name }, port) => {
        if (name === 'end') process.exit(3)
        require('node:worker_threads').parentPort.postMessage({ ok: true, value: name })
      })`
    )
    const pool = new ThreadPool({ most: 1, program })
    const [ended, other] = await Promise.all([
      factsOf(() => pool.run('end', {})),
      pool.run('other', {})
    ])
    expect(ended).toMatchObject({ code: 'statistics-ended', actual: 'exit code 3' })
    expect(other).toBe('other')
    await pool.close()
    const none = new ThreadPool({ program: join(folder, 'none.cjs') })
    expect((await factsOf(() => none.run('any', {}))).code).toBe('statistics-ended')
  })
})
