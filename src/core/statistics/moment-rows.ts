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

export function emptyMoments(
  rows: number,
  row: (length: number) => Float64Array = (length) => new Float64Array(length)
): MomentRows {
  return { mean: row(rows), std: row(rows), min: row(rows), max: row(rows) }
}
