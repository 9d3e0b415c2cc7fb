// A setup file of vitest: what the tests of one file wrote into the folder of their process is taken away behind them.
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** Made where it is needed. */
export const SCRATCH = join(tmpdir(), `normscope-tests-${process.pid}`)

afterAll(() => rmSync(SCRATCH, { recursive: true, force: true }))
