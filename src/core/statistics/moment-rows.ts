/** Of some values: those of one image, of one feature. */
export interface Moments {
  readonly mean: number
  /** population: divided by the number of values */
  readonly std: number
  readonly min: number
  readonly max: number
}

/** Of many images or features, each moment in a row. */
export type MomentRows = { readonly [Key in keyof Moments]: Float64Array }

export function emptyMoments(rows: number): MomentRows {
  const row = (): Float64Array => new Float64Array(rows)
  return { mean: row(), std: row(), min: row(), max: row() }
}
