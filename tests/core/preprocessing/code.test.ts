import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops'
import { describe, expect, it } from 'vitest'
import { featuresOf } from '../../../src/core/dataset/dataset'
import { applier } from '../../../src/core/preprocessing/apply'
import { code, FRAMEWORKS } from '../../../src/core/preprocessing/fitted'
import type { Framework } from '../../../src/core/preprocessing/fitted'
import { fit } from '../../../src/core/preprocessing/fit'
import { CHOICE_IDS } from '../../../src/core/preprocessing/preprocessing'
import type { ChoiceSpec, FittedPreprocessing } from '../../../src/core/preprocessing/preprocessing'
import { addCovariance, covarianceStride } from '../../../src/core/statistics/covariance'
import { addImages, createSummary } from '../../../src/core/statistics/summary'
import { pixelsOf, REFERENCE, specOf, summaryOf } from '../statistics/reference'
import type { ReferenceCase } from '../statistics/reference'

const PYTHON = process.env.NORMSCOPE_TEST_PYTHON ?? 'python3'
const MODULES: Readonly<Record<Exclude<Framework, 'tfjs'>, readonly string[]>> = {
  numpy: ['numpy'],
  sklearn: ['numpy', 'sklearn'],
  keras: ['numpy', 'keras', 'tensorflow'],
  pytorch: ['numpy', 'torch']
}
const PYTHON_FRAMEWORKS = FRAMEWORKS.filter((framework) => framework !== 'tfjs')

/** Where set-up has put NumPy; what the person's Python has is there too. */
const environment = {
  ...process.env,
  KERAS_BACKEND: 'tensorflow',
  TF_CPP_MIN_LOG_LEVEL: '3',
  ...(process.env.NORMSCOPE_NUMPY && { PYTHONPATH: process.env.NORMSCOPE_NUMPY })
}

function inPython(args: readonly string[], input = ''): string {
  const run = spawnSync(PYTHON, args, { input, env: environment, maxBuffer: 1 << 28 })
  if (run.status !== 0) throw new Error(run.error?.message ?? run.stderr.toString())
  return run.stdout.toString()
}

function importable(): ReadonlySet<string> {
  const names = [...new Set(Object.values(MODULES).flat())]
  const find =
    'import sys; from importlib.util import find_spec; print(*[n for n in sys.argv[1:] if find_spec(n)])'
  try {
    return new Set(inPython(['-c', find, ...names]).split(/\s+/))
  } catch {
    return new Set()
  }
}
const found = importable()

interface Case {
  readonly name: string
  readonly fitted: FittedPreprocessing
  readonly set: ReferenceCase
}

/** Constants that are whole numbers, and one below 0, for each number of channels. */
function specsOf({ shape }: ReferenceCase): ChoiceSpec[] {
  const channels = shape[3]
  const whole = [128, 117, 104].slice(0, channels)
  return [
    ...CHOICE_IDS.filter((id) => id !== 'custom').map((id) => ({ id })),
    specOf('custom'),
    { id: 'custom', centre: whole, divisor: [58] },
    { id: 'custom', centre: whole, divisor: whole }
  ]
}

const CASES: readonly Case[] = REFERENCE.flatMap((set) => {
  const summary = summaryOf(set)
  return specsOf(set)
    .filter(({ id }) => set.choices[id])
    .map((spec) => ({
      name: `${set.name}, ${JSON.stringify(spec)}`,
      fitted: fit(spec, summary),
      set
    }))
})

function expectedOf({ fitted, set }: Case): Float32Array {
  const pixels = pixelsOf(set)
  const features = featuresOf(fitted)
  const expected = new Float32Array(pixels.length)
  const apply = applier(fitted)
  for (let at = 0; at < pixels.length; at += features) {
    apply(pixels.subarray(at, at + features), expected, at)
  }
  return expected
}

/**
 * Numbers in float32 have 24 bits: a value that is subtracted from one `size` large, then divided,
 * is off by up to size / 2^24 on the way.
 */
function check(one: Case, actual: ArrayLike<number>, bits: 24 | 53): void {
  const expected = expectedOf(one)
  expect(actual.length, one.name).toBe(expected.length)
  const size = Math.max(...pixelsOf(one.set).map(Math.abs))
  const spread = Math.max(...expected.map(Math.abs))
  const stretch = bits === 24 ? (16 * size) / leastDivisor(one) / 2 ** 24 : 0
  expected.forEach((value, i) => {
    const apart = Math.abs(actual[i]! - value)
    expect(apart, `${one.name}, value ${i}`).toBeLessThanOrEqual(stretch + 4e-6 * spread + 1e-12)
  })
}

/** Least number that the choice divides differences of pixels by. */
function leastDivisor({ fitted, set }: Case): number {
  const { form } = fitted
  if (form.kind === 'affine') return Math.min(...form.divisor.map(Math.abs))
  if (form.kind === 'linear') return 1 / Math.max(...form.matrix.map(Math.abs))
  const pixels = pixelsOf(set)
  const features = featuresOf(fitted)
  let least = Infinity
  for (let at = 0; at < pixels.length; at += features) {
    const image = Array.from(pixels.subarray(at, at + features))
    const mean = image.reduce((sum, value) => sum + value, 0) / features
    const squares = image.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    const std = Math.sqrt(squares / features)
    least = Math.min(least, Math.max(std, 1 / Math.sqrt(features)))
  }
  return least
}

function snippetOf({ fitted }: Case, framework: Framework): string {
  return code(fitted, framework)
}

describe('code', () => {
  it.for(PYTHON_FRAMEWORKS)(
    'for %s does what each choice does to images of each type',
    { timeout: 120_000 },
    (framework, { skip }) => {
      const missing = MODULES[framework].filter((name) => !found.has(name))
      skip(missing.length > 0, `Python has no ${missing.join(', ')}`)
      const cases = CASES.map((one) => ({
        framework,
        code: snippetOf(one, framework),
        dtype: one.set.dtype,
        shape: one.set.shape,
        pixels: one.set.pixels
      }))
      const script = fileURLToPath(new URL('run-code.py', import.meta.url))
      const results = JSON.parse(inPython([script], JSON.stringify(cases))) as number[][]
      const bits = framework === 'numpy' || framework === 'sklearn' ? 53 : 24
      CASES.forEach((one, i) => check(one, results[i]!, bits))
    }
  )

  it('for tfjs does what each choice does to images of each type', async () => {
    await tf.setBackend('cpu')
    for (const one of CASES) {
      const { form } = one.fitted
      const type = one.set.dtype === 'float32' ? 'float32' : 'int32'
      const x = tf.tensor4d(Array.from(pixelsOf(one.set)), one.set.shape, type)
      const text = snippetOf(one, 'tfjs').replace(/^import .*$/m, '')
      const preprocess = new Function('tf', 'xTrain', `${text}\nreturn preprocess`)(tf, x) as (
        ...given: tf.Tensor[]
      ) => tf.Tensor
      const features = featuresOf(one.fitted)
      const given =
        form.kind === 'linear'
          ? [x, tf.tensor(form.mean as number[]), tf.tensor2d(form.matrix, [features, features])]
          : [x]
      const actual = preprocess(...given)
      expect(actual.dtype, one.name).toBe('float32')
      check(one, await actual.data(), 24)
    }
  })

  it.skipIf(!found.has('numpy'))(
    'for whitening takes the covariance of the images that the app takes it of',
    () => {
      const count = 20_001
      const [shape, dtype] = [[count, 1, 2, 1] as const, 'uint8'] as const
      // the images that the app leaves out are unlike those that it takes
      const pixels = Uint8Array.from({ length: count * 2 }, (_, i) =>
        Math.floor(i / 2) % 3 === 0 ? (i * 7) % 50 : (i * 31) % 256
      )
      const summary = createSummary({ height: 1, width: 2, channels: 1, dtype })
      addImages(summary, pixels, count)
      addCovariance(summary, pixels, count, covarianceStride(count))
      const fitted = fit({ id: 'whitened' }, summary)
      expect(fitted.parameters.covarianceImages).toEqual([6667])
      const set = { dtype, shape, pixels: Array.from(pixels) } as unknown as ReferenceCase
      const one = { name: 'many images', fitted, set }
      const input = { framework: 'numpy', code: code(fitted, 'numpy'), dtype, shape }
      const script = fileURLToPath(new URL('run-code.py', import.meta.url))
      const [values] = JSON.parse(
        inPython([script], JSON.stringify([{ ...input, pixels: set.pixels }]))
      ) as number[][]
      const expected = expectedOf(one)
      let worst = 0
      expected.forEach((value, i) => (worst = Math.max(worst, Math.abs(value - values![i]!))))
      expect(worst).toBeLessThan(1e-5)
    }
  )

  it('says what a constant set is divided by, and divides by nothing else', () => {
    const constant = CASES.filter(({ set }) => set.name === 'constant bytes')
    const of = (id: string) =>
      code(constant.find((one) => one.fitted.choice.id === id)!.fitted, 'numpy')
    expect(of('standardised')).toContain('# a std of 0 is replaced by 1')
    expect(of('standardised')).toContain('return (x - 7.0).astype("float32")')
    expect(of('robust')).toContain('# an IQR of 0 is replaced by the std, and a std of 0 by 1')
    for (const { fitted } of constant) {
      for (const framework of FRAMEWORKS)
        expect(code(fitted, framework)).not.toMatch(/\/ \(?0\b(?!\.)/)
    }
  })

  it('uses the layer that a framework has for it', () => {
    const of = (id: string) => CASES.find(({ fitted }) => fitted.choice.id === id)!.fitted
    expect(code(of('unit'), 'keras')).toBe(
      'import keras\n\npreprocess = keras.layers.Rescaling(1 / 255)\n'
    )
    expect(code(of('per-image'), 'keras')).toContain('tf.image.per_image_standardization')
    expect(code(of('unit'), 'sklearn')).toContain('FunctionTransformer(preprocess)')
  })
})
