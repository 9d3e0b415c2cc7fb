import { addSums, NO_SAMPLES } from './session'
import type { Evaluation, TrainingSession } from './session'

/** Lets messages in and waits while the run is paused; rejects with Cancelled. */
export type Breath = () => Promise<void>

/** Why a run ends that a person cancelled. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled'
}

/** A whole split with the present weights. */
export async function evaluated(
  session: TrainingSession,
  split: 'train' | 'test',
  breath: Breath
): Promise<Evaluation> {
  const parts: Evaluation[] = []
  for (const part of session.evaluate(split)) {
    parts.push(part)
    await breath()
  }
  return joined(parts)
}

/** The training images with the present weights, and which units fire, as `firing` finds it, in one pass. */
export async function evaluatedFiring(
  session: TrainingSession,
  breath: Breath
): Promise<{ readonly made: Evaluation; readonly fired: boolean[][] }> {
  const parts: Evaluation[] = []
  let fired: boolean[][] = []
  for (const part of session.evaluate('train', true)) {
    parts.push(part)
    fired = firedToo(fired, part.greatest!)
    await breath()
  }
  return { made: joined(parts), fired }
}

function firedToo(before: readonly boolean[][], part: readonly Float32Array[]): boolean[][] {
  return part.map((greatest, at) =>
    Array.from(greatest, (value, unit) => !(value <= 0) || (before[at]?.[unit] ?? false))
  )
}

/** Evaluations of images that follow one another as one. */
export function joined(parts: readonly Evaluation[]): Evaluation {
  const sums = parts.reduce<Omit<Evaluation, 'guesses'>>(addSums, NO_SAMPLES)
  const guesses = new Int32Array(sums.samples)
  let begin = 0
  for (const part of parts) {
    guesses.set(part.guesses, begin)
    begin += part.guesses.length
  }
  return { ...sums, guesses }
}

/**
 * Per place of plan.activated, per channel: whether its pre-activation is above 0, or no number,
 * somewhere in the training split. Looks no further than until all are.
 */
export async function firing(
  session: TrainingSession,
  wanted: readonly boolean[],
  breath: Breath
): Promise<boolean[][]> {
  let found: boolean[][] = []
  for (const part of session.greatestPreactivations()) {
    found = firedToo(found, part)
    if (found.every((units, at) => !wanted[at] || units.every(Boolean))) break
    await breath()
  }
  return found
}
