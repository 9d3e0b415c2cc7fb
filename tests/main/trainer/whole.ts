import type { Probe, TrainingSession } from '../../../src/main/trainer/session'

/** Pre-activations of all probe images, one array for each place. */
export function wholePreactivations(session: TrainingSession, probe: Probe): Float32Array[] {
  const chunks = [...session.preactivations(probe)].map((chunk) => chunk.map((z) => z.slice()))
  return (chunks[0] ?? []).map((_, at) =>
    Float32Array.from(chunks.flatMap((chunk) => [...chunk[at]!]))
  )
}
