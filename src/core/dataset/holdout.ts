import { NormscopeError } from '../error'
import { percent } from '../numbers'
import { createRandom } from '../random'
import { counted } from '../text'

/** Indices of training images, ascending, that stay and that are held out. */
interface HeldOut {
  readonly train: Int32Array
  readonly test: Int32Array
}

/**
 * Takes round(fraction x n) images of each class with n images, chosen by the seed; a class keeps
 * at least one image for training. Throws NormscopeError 'too-few-images' where either part is empty.
 */
export function holdOut(
  labels: Int32Array,
  classes: number,
  fraction: number,
  seed: number
): HeldOut {
  const held = new Uint8Array(labels.length)
  const byClass: number[][] = Array.from({ length: classes }, () => [])
  labels.forEach((label, index) => byClass[label]!.push(index))
  for (const [label, members] of byClass.entries()) {
    const order = Int32Array.from(members)
    createRandom(seed, `hold out ${label}`).shuffle(order)
    const wanted = Math.min(Math.round(fraction * members.length), members.length - 1)
    for (const index of order.subarray(0, Math.max(0, wanted))) held[index] = 1
  }
  const all = Int32Array.from(labels, (_, index) => index)
  const train = all.filter((index) => held[index] === 0)
  const test = all.filter((index) => held[index] === 1)
  if (train.length > 0 && test.length > 0) return { train, test }
  const found = `${counted(labels.length, 'image')} in ${classes === 1 ? 'one class' : `${classes} classes`}`
  throw new NormscopeError({
    code: 'too-few-images',
    message: `${found}: too few to hold out ${percent(fraction, 0)} of the images for testing. Add images, or name a test set.`,
    expected: `at least ${Math.ceil(0.5 / fraction)} images in a class`,
    actual: found
  })
}
