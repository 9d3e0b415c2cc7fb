import { spawnSync } from 'node:child_process'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops'
import { describe, expect, it } from 'vitest'
import { featuresOf } from '../../../src/core/dataset/dataset'
import { applier } from '../../../src/core/preprocessing/apply'
import { code } from '../../../src/core/preprocessing/code'
import type { Framework } from '../../../src/core/preprocessing/code'
import { fit } from '../../../src/core/preprocessing/fit'
import { CHOICE_IDS } from '../../../src/core/preprocessing/preprocessing'
import type { FittedPreprocessing } from '../../../src/core/preprocessing/preprocessing'
import { pixelsOf, REFERENCE, specOf, summaryOf } from '../statistics/reference'

const SETS = ['grey bytes', 'colour bytes', 'float'].map((name) =>
  REFERENCE.find((one) => one.name === name)!
)
const PYTHON: readonly Framework[] = ['keras', 'pytorch', 'scikit-learn']
const hasPython = spawnSync('python3', ['--version']).status === 0

function fittedChoices(one: (typeof SETS)[number]): FittedPreprocessing[] {
  const summary = summaryOf(one)
  return CHOICE_IDS.filter((id) => one.choices[id]).map((id) => fit(specOf(id), summary))
}

describe('code', () => {
  it.skipIf(!hasPython)('for Python is valid Python', () => {
    const snippets = SETS.flatMap((one) =>
      fittedChoices(one).flatMap((fitted) => PYTHON.map((framework) => code(fitted, framework)))
    )
    const check = 'import ast, json, sys\nfor text in json.load(sys.stdin): ast.parse(text)'
    const run = spawnSync('python3', ['-c', check], { input: JSON.stringify(snippets) })
    expect(run.stderr.toString()).toBe('')
    expect(run.status).toBe(0)
    expect(snippets.length).toBeGreaterThan(100)
  })

  it.each(SETS.map((one) => [one.name, one] as const))(
    'for tfjs does what the choice does to %s',
    async (_, one) => {
      await tf.setBackend('cpu')
      const pixels = pixelsOf(one)
      for (const fitted of fittedChoices(one)) {
        if (fitted.choice.id === 'whitened' || fitted.choice.id === 'equalised') continue
        const x = tf.tensor4d(Float32Array.from(pixels), one.shape)
        const body = code(fitted, 'tfjs').replace(/^import .*$/m, '')
        const preprocess = new Function('tf', 'xTrain', `${body}\nreturn preprocess`)(tf, x) as (
          x: tf.Tensor
        ) => tf.Tensor
        const actual = await preprocess(x).data()
        const features = featuresOf(fitted)
        const expected = new Float32Array(pixels.length)
        const apply = applier(fitted)
        for (let at = 0; at < pixels.length; at += features) {
          apply(pixels.subarray(at, at + features), expected, at)
        }
        actual.forEach((value, i) => {
          const apart = Math.abs(value - expected[i]!) / Math.max(1, Math.abs(expected[i]!))
          expect(apart, fitted.choice.id).toBeLessThan(1e-4)
        })
      }
    }
  )

  it('for tfjs equalises one channel of one image', () => {
    const fitted = fittedChoices(SETS[0]!).find(({ choice }) => choice.id === 'equalised')!
    const preprocess = new Function(`${code(fitted, 'tfjs')}\nreturn preprocess`)() as (
      image: number[]
    ) => Float32Array
    expect(Array.from(preprocess([0, 0, 10, 200]))).toEqual([0.5, 0.5, 0.75, 1])
  })

  it('uses the layer that a framework has for it', () => {
    const choices = fittedChoices(SETS[0]!)
    const of = (id: string): FittedPreprocessing => choices.find(({ choice }) => choice.id === id)!
    expect(code(of('unit'), 'keras')).toBe(
      'import keras\n\npreprocess = keras.layers.Rescaling(1 / 255)\n'
    )
    expect(code(of('per-image'), 'keras')).toContain('tf.image.per_image_standardization')
    expect(code(of('unit'), 'scikit-learn')).toContain('FunctionTransformer(preprocess)')
  })
})
