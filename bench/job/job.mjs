// The job of ten choices as Normscope's commands do it: each trained for three epochs, then tested.
import { bundled } from '../bundle.mjs'
import { run } from '../run.mjs'

export const CHOICES = [
  ...['raw', 'unit', 'symmetric', 'standardised', 'standardised-per-pixel', 'centred'],
  ...['centred-per-pixel', 'per-image', 'per-image-range', 'per-image-length']
]
export const EPOCHS = 3

/** A function that does the whole job, start-up included: the test accuracies by choice of the runs that came to one. */
export async function preparedJob() {
  const program = await bundled('job/normscope.ts')
  return () => run(process.execPath, [program, CHOICES.join(','), String(EPOCHS)])
}
