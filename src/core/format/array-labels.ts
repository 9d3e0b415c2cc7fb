import { NormscopeError } from '../error'
import { allNumbers, numbersIn } from './array'
import type { OpenedArray } from './array'
import { checkCounts } from './labels'
import type { LabelValues } from './opened'
import type { OrderedArray } from './ordered-array'
import { baseName } from './source'

type Shaped = Pick<OpenedArray, 'path' | 'dims'>

/** Columns of one-hot rows that are read. */
const MAX_COLUMNS = 10_000

/** Throws NormscopeError 'not-labels', or 'count-mismatch' unless there is one for each image. */
export function checkLabelDims(array: Shaped, images: number | undefined): void {
  const [count = 0, columns = 1, ...more] = array.dims
  if (array.dims.length === 0 || more.some((size) => size !== 1) || columns > MAX_COLUMNS)
    throw notLabels(array)
  checkCounts(array.path, images ?? count, count)
}

/** Whole numbers (N), (N, 1) or (N, 1, 1); one-hot rows (N, C) as the place of their 1. */
export async function arrayLabels(array: OrderedArray): Promise<LabelValues> {
  const [count = 0, columns = 1] = array.dims
  if (columns === 1) return allNumbers(array)
  return hotPlaces(array, numbersIn(array), count, columns)
}

async function hotPlaces(
  header: Shaped & { readonly fortran: boolean },
  numbers: AsyncIterable<ArrayLike<number>>,
  count: number,
  columns: number
): Promise<Int32Array> {
  const places = new Int32Array(count).fill(-1)
  let at = 0
  for await (const some of numbers) {
    for (let index = 0; index < some.length; index++, at++) {
      if (some[index] === 0) continue
      const row = header.fortran ? at % count : Math.floor(at / columns)
      if (some[index] !== 1 || places[row] !== -1) throw notLabels(header)
      places[row] = header.fortran ? Math.floor(at / count) : at % columns
    }
  }
  if (places.includes(-1)) throw notLabels(header)
  return places
}

export function notLabels({ path, dims }: Shaped): NormscopeError {
  return new NormscopeError({
    code: 'not-labels',
    message: `${baseName(path)} has the shape ${dims.join(' × ')}; labels are one number or name per image (N, N × 1), or one-hot rows.`,
    path,
    expected: 'one label per image',
    actual: dims.join(' × ')
  })
}
