import { createRandom } from '../../../src/core/random'

/** Images of bytes, near a third of them 0; the second of three or more has one value. */
export function pixelsOf(images: number, features: number, seed: number): Uint8Array {
  const random = createRandom(seed)
  const pixels = Uint8Array.from({ length: images * features }, () =>
    random.uniform() < 0.3 ? 0 : Math.floor(random.uniform() * 256)
  )
  if (images > 2) pixels.fill(9, features, 2 * features)
  return pixels
}
