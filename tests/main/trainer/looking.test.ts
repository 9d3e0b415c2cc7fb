import { expect, test } from 'vitest'
import {
  Cancelled,
  evaluated,
  evaluatedFiring,
  firing,
  joined
} from '../../../src/main/trainer/looking'
import type { Evaluation, TrainingSession } from '../../../src/main/trainer/session'

const part = (loss: number, guesses: readonly number[]): Evaluation => ({
  samples: guesses.length,
  loss,
  hits: 1,
  zeroGradient: 2,
  trapped: 1,
  guesses: Int32Array.from(guesses)
})

/** A session that gives its parts one by one, and how many of them were asked for. */
function sessionOf(parts: readonly unknown[]) {
  const asked = { parts: 0 }
  function* each() {
    for (const one of parts) {
      asked.parts++
      yield one
    }
  }
  return {
    session: { evaluate: each, greatestPreactivations: each } as unknown as TrainingSession,
    asked
  }
}

const free = (): Promise<void> => Promise.resolve()

test('parts of a split are one evaluation, in their order', async () => {
  const { session } = sessionOf([part(3, [7, 8, 9]), part(4, [1])])
  expect(await evaluated(session, 'test', free)).toEqual({
    samples: 4,
    loss: 7,
    hits: 2,
    zeroGradient: 4,
    trapped: 2,
    guesses: Int32Array.of(7, 8, 9, 1)
  })
  expect(joined([])).toMatchObject({ samples: 0, loss: 0 })
})

test('a run that is cancelled while a split is evaluated looks at no further part', async () => {
  const { session, asked } = sessionOf([part(1, [0]), part(1, [0]), part(1, [0])])
  const breath = (): Promise<void> =>
    asked.parts === 2 ? Promise.reject(new Cancelled()) : Promise.resolve()
  await expect(evaluated(session, 'train', breath)).rejects.toBeInstanceOf(Cancelled)
  expect(asked.parts).toBe(2)
})

test('units are looked at until all have fired, of places that can die', async () => {
  const parts = [
    [Float32Array.of(-1, 2), Float32Array.of(-1)],
    [Float32Array.of(1, -3), Float32Array.of(-1)],
    [Float32Array.of(1, 1), Float32Array.of(1)]
  ]
  const some = sessionOf(parts)
  expect(await firing(some.session, [true, false], free)).toEqual([[true, true], [false]])
  expect(some.asked.parts).toBe(2)
  const all = sessionOf(parts)
  expect(await firing(all.session, [true, true], free)).toEqual([[true, true], [true]])
  expect(all.asked.parts).toBe(3)
})

test('a unit at 0 throughout is dead, one that is no number is not', async () => {
  const { session } = sessionOf([[Float32Array.of(0, NaN)], [Float32Array.of(-2, -1)]])
  expect(await firing(session, [true], free)).toEqual([[false, true]])
})

test('one pass evaluates the training images and finds which units fire', async () => {
  const parts = [
    { ...part(3, [7, 8]), greatest: [Float32Array.of(-1, 0, NaN), Float32Array.of(0)] },
    { ...part(4, [1]), greatest: [Float32Array.of(2, -3, -1), Float32Array.of(-1)] }
  ]
  const { session } = sessionOf(parts)
  const { made, fired } = await evaluatedFiring(session, free)
  expect(made).toMatchObject({ samples: 3, loss: 7, guesses: Int32Array.of(7, 8, 1) })
  expect(fired).toEqual([[true, false, true], [false]])
})
