import { evaluateAll } from '../whole-split'
import { beforeAll, describe, expect, test } from 'vitest'
import { applier } from '../../../../src/core/preprocessing/apply'
import type { FittedPreprocessing } from '../../../../src/core/preprocessing/preprocessing'
import { createPortableSession } from '../../../../src/main/trainer/portable'
import { createRows } from '../../../../src/main/trainer/portable/rows'
import { loadTensors } from '../../../../src/main/trainer/portable/tensors'
import type { Tf } from '../../../../src/main/trainer/portable/tensors'
import { caseOf, inputOf, referenceOf, weightsOf, FEATURES } from '../native/fixture'
import { evaluateReference } from '../reference-network'

describe.each(['wasm', 'cpu'] as const)('on %s', (backend) => {
  let tf: Tf

  beforeAll(async () => {
    tf = await loadTensors(backend)
  })

  test('the clipped loss gives samples outside its range no gradient, and counts them', async () => {
    const given = caseOf(
      { loss: 'clipped' },
      { kind: 'affine', centre: [0], divisor: [1] } // raw bytes: logits in the hundreds
    )
    const session = await (await createPortableSession(backend))(inputOf(given))
    session.initialise(weightsOf(given))
    const found = evaluateAll(session, 'train')
    const expected = evaluateReference(referenceOf(given, 'train'))
    expect(expected.zeroGradient).toBeGreaterThan(100)
    expect(found.zeroGradient).toBe(expected.zeroGradient)
    expect(found.hits).toBe(expected.hits)
    expect(found.loss / expected.loss).toBeCloseTo(1, 5)
    session.dispose()
  })

  test('rows through a matrix are (x - mean) times it', async () => {
    const fitted: FittedPreprocessing = {
      choice: { id: 'whitened' },
      height: 1,
      width: 2,
      channels: 1,
      form: {
        kind: 'linear',
        mean: [10, 20],
        matrix: Float32Array.of(2, 1, 1, 3)
      },
      parameters: {}
    }
    const images = {
      count: 3,
      pixels: Uint8Array.of(10, 20, 11, 20, 10, 22),
      labels: new Int32Array(3)
    }
    const rows = await createRows(tf, fitted, images, 2)
    const taken = rows.take([2, 0, 1])
    expect([...taken.dataSync()]).toEqual([2, 6, 0, 0, 2, 1])
    taken.dispose()
  })

  test('rows that are equalised are those of the choice itself', async () => {
    const { preprocessing, train } = inputOf(caseOf({}, { kind: 'image-equalise' }))
    const features = FEATURES
    const rows = await createRows(tf, preprocessing, train, features)
    const expected = new Float32Array(features)
    applier(preprocessing)(train.pixels.subarray(5 * features, 6 * features), expected)
    const taken = rows.take([5])
    expect(taken.dataSync()).toEqual(expected)
    taken.dispose()
  })
})
