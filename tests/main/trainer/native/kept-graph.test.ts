import { describe, expect, test } from 'vitest'
import { dense } from '../../../../src/core/network/layers/layers'
import type { PreprocessingForm } from '../../../../src/core/preprocessing/preprocessing'
import { createNativeSession, nativeSessions } from '../../../../src/main/trainer/native'
import { loadBinding } from '../../../../src/main/trainer/native/tensorflow/binding'
import type { SessionInput, TrainingSession } from '../../../../src/main/trainer/session'
import { evaluateAll } from '../whole-split'
import { nativeAvailable } from '../native-available'
import { caseOf, inputOf, ORDER, weightsOf } from './fixture'

const given = caseOf()
const images = inputOf(given)

const upsideDown = Uint8Array.from(
  images.train.pixels.subarray(0, images.train.pixels.length)
).reverse()

/** Another run on the very same images. */
function withForm(form: PreprocessingForm): SessionInput {
  return { ...images, preprocessing: { ...images.preprocessing, form } }
}

function trained(session: TrainingSession, first = 0) {
  session.initialise(weightsOf(given))
  const sums = session.steps(ORDER.subarray(first, first + 203), 0)
  const found = { sums, test: evaluateAll(session, 'test'), weights: session.read() }
  session.dispose()
  return found
}

describe.runIf(nativeAvailable)('after a run, the next one', () => {
  const graphs = (): number => loadBinding().getNumOfSavedModels()
  const spread: PreprocessingForm = {
    kind: 'affine',
    centre: Array.from({ length: 12 }, (_, i) => 90 + i),
    divisor: [60]
  }
  const standardised: PreprocessingForm = { kind: 'image-standardise' }

  test.each<[string, SessionInput]>([
    ['under other constants', withForm(spread)],
    ['under a choice of another graph', withForm(standardised)],
    ['of another network', { ...images, config: { ...given.config, batch: 7 } }],
    ['on other images', { ...images, train: { ...images.train, pixels: upsideDown } }]
  ])('%s has the bits that it has alone', async (_, next) => {
    const open = nativeSessions()
    const before = graphs()
    trained(await open(images), 300)
    const found = trained(await open(next))
    expect(graphs()).toBe(before + 1)
    expect(found).toEqual(trained(await createNativeSession(next)))
  })

  test('takes over the graph where only constants differ, and no other', async () => {
    const open = nativeSessions()
    const first = await open(images)
    const before = graphs()
    const beside = await open(withForm(spread))
    expect(graphs()).toBe(before + 1)
    first.dispose()
    first.dispose()
    const next = await open(withForm(spread))
    expect(graphs()).toBe(before + 1)
    next.dispose()
    beside.dispose()
    expect(graphs()).toBe(before)
    const config = { ...given.config, layers: [dense(16)], activation: 'tanh' as const }
    ;(await open({ ...images, config, plan: inputOf({ ...given, config }).plan })).dispose()
    expect(graphs()).toBe(before)
  })
})
