/** What one image is at a point of the network: [height, width, channels], or [values]. */
export type Shape = readonly [number, number, number] | readonly [number]

/** Values of one image. */
export function sizeOfShape(shape: Shape): number {
  return productOf(shape)
}

export function productOf(sides: readonly number[]): number {
  return sides.reduce((product, side) => product * side, 1)
}

/** '28 × 28 × 16', '784' */
export function shapeText(shape: Shape): string {
  return shape.join(' × ')
}

/** Units that share their weights and moments: channels of an image, or values. */
export function channelsOf(shape: Shape): number {
  return shape[shape.length - 1]!
}

/** Places at which a channel is computed: 1 for values. */
export function positionsOf(shape: Shape): number {
  return sizeOfShape(shape) / channelsOf(shape)
}
