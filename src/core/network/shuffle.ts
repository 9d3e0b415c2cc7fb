import { createRandom } from '../random'

/**
 * The order in which an epoch visits the training images: a permutation of 0 ... count - 1.
 * It depends on nothing else, so every preprocessing choice sees the images in the same order.
 * @param epoch from 1
 */
export function epochOrder(seed: number, epoch: number, count: number): Int32Array {
  const order = new Int32Array(count)
  for (let i = 0; i < count; i++) order[i] = i
  createRandom(seed, `shuffle/${epoch}`).shuffle(order)
  return order
}
