import { watchChildren } from '../memory.mjs'
import { cliProgram } from '../paths.mjs'
import { median } from '../rounds.mjs'
import { run } from '../run.mjs'

/**
 * Trains x / 255 of Fashion-MNIST, or of another set, from the command line: images per second of the
 * middle epoch, the first left out (warm-up) where there are more, training accuracy after the last, and the most that the trainer held.
 */
export async function trained({
  layers,
  images,
  batch,
  epochs,
  seed = 0,
  path = 'fashion-mnist',
  env = process.env
}) {
  const words = `--choice unit --layers ${layers} --batch ${batch} --limit ${images}`
  const more = `--epochs ${epochs} --seed ${seed} --json`
  const peak = {}
  const args = [cliProgram, 'train', path, ...`${words} ${more}`.split(' ')]
  const result = await run(process.execPath, args, env, (child) => watchChildren(child, peak))
  if (result.backend !== 'tensorflow') throw new Error(`trained with ${result.backend}`)
  const timed = result.epochs.filter(({ epoch }) => epoch >= Math.min(2, epochs))
  return {
    rate: median(timed.map(({ seconds }) => result.trainCount / seconds)),
    accuracy: result.epochs.at(-1).trainAccuracy,
    megabytes: peak.bytes === undefined ? undefined : peak.bytes / 2 ** 20
  }
}
