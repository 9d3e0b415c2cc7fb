import { joined } from '../../../src/main/trainer/looking'
import type { Evaluation, TrainingSession } from '../../../src/main/trainer/session'

/** A whole split evaluated in one go. */
export function evaluateAll(session: TrainingSession, split: 'train' | 'test'): Evaluation {
  return joined([...session.evaluate(split)])
}

/** Greatest pre-activations over all training images. */
export function greatestOfAll(session: TrainingSession): Float32Array[] {
  return [...session.greatestPreactivations()].reduce<Float32Array[]>(
    (kept, part) =>
      part.map((values, at) =>
        values.map((value, unit) => Math.max(value, kept[at]?.[unit] ?? -Infinity))
      ),
    []
  )
}
