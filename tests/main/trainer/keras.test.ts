import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { LossId } from '../../../src/core/network/losses'
import { findKeras } from '../../../scripts/setup/keras.mjs'
import { dataset, train } from './fashion-mnist'

/** Keras where `npm run bench` has put it before; elsewhere these tests are skipped, visibly. */
const keras = (await (findKeras as () => Promise<unknown>)()) as
  { readonly python: string; readonly folder: string } | undefined
const images = process.env.NORMSCOPE_FASHION_MNIST

const EPOCHS = 2
const LIMIT = 640
const SCRIPT = fileURLToPath(new URL('../../../bench/keras_question.py', import.meta.url))

interface Accuracies {
  readonly raw: number
  readonly unit: number
}

/** Test accuracies of the tutorial's code in Keras 3. */
async function inKeras(backend: string): Promise<Accuracies> {
  const env = { ...process.env, PYTHONPATH: keras!.folder, KERAS_BACKEND: backend }
  const args = [SCRIPT, images!, String(EPOCHS), '0', String(LIMIT), 'today']
  const child = spawn(keras!.python, args, { env, stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  child.stdout.on('data', (chunk) => (text += String(chunk)))
  const [code] = (await once(child, 'close')) as [number]
  expect(code).toBe(0)
  const { raw, unit } = JSON.parse(text) as { raw: [number]; unit: [number] }
  return { raw: raw[0], unit: unit[0] }
}

async function inNormscope(loss: LossId): Promise<Accuracies> {
  const of = async (divisor: number): Promise<number> =>
    (await train(divisor, { loss, epochs: EPOCHS, limit: LIMIT })).last.testAccuracy!
  return { raw: await of(1), unit: await of(255) }
}

describe.skipIf(!keras || !images || !dataset)('a few images of the tutorial', () => {
  test.each([
    ['jax', 'clipped', 'raw bytes end near chance'],
    ['tensorflow', 'exact', 'raw bytes learn']
  ] as const)(
    'in Keras 3 on %s and here with the %s loss: %s',
    async (backend, loss, _what) => {
      for (const { raw, unit } of [await inKeras(backend), await inNormscope(loss)]) {
        expect(unit).toBeGreaterThan(0.55)
        if (loss === 'clipped') expect(raw).toBeLessThan(0.35)
        else expect(raw).toBeGreaterThan(0.45)
      }
    },
    120_000
  )
})
