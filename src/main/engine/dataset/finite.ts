import { featuresOf } from '../../../core/dataset/dataset'
import type { Dataset, SplitName } from '../../../core/dataset/dataset'
import { NormscopeError } from '../../../core/error'
import { grouped, plain } from '../../../core/numbers'
import { applier } from '../../../core/preprocessing/apply'
import { choiceRecord } from '../../../core/preprocessing/choices'
import { addNotFinite, staysFinite } from '../../../core/preprocessing/finite'
import type { NotFinite } from '../../../core/preprocessing/finite'
import type { FittedPreprocessing } from '../../../core/preprocessing/preprocessing'
import type { Summary } from '../../../core/statistics/summary'
import { SPLIT_IMAGES } from '../../../core/study/probe'
import { rowsOf } from './fit-rows'
import { eachSlice, SLICE_VALUES } from '../../statistics/slices'
import type { FitImages } from '../../statistics/slices'

/**
 * Throws NormscopeError 'not-finite-input' where the choice turns values of the images into something
 * that is no finite number, with how many they are: a network would learn nothing from then on.
 */
export async function checkFinite(
  dataset: Dataset,
  split: SplitName,
  fitted: FittedPreprocessing,
  summary: Summary,
  images: FitImages = {}
): Promise<void> {
  if (staysFinite(fitted, summary)) return
  const features = featuresOf(dataset)
  const apply = applier(fitted)
  const values = new Float64Array(features)
  let found: NotFinite = { count: 0, min: Infinity, max: -Infinity }
  const rows = await rowsOf(dataset, split, images)
  await eachSlice(dataset, split, rows, SLICE_VALUES / features, (pixels, count) => {
    for (let image = 0; image < count; image++) {
      const stored = pixels.subarray(image * features, (image + 1) * features)
      apply(stored, values)
      found = addNotFinite(found, stored, values)
    }
  })
  const { count, min, max } = found
  const { name, id } = choiceRecord(fitted.choice.id)
  const range = min === max ? plain(min) : `${plain(min)} to ${plain(max)}`
  throw new NormscopeError({
    code: 'not-finite-input',
    message: `${grouped(count)} of ${grouped(rows.length * features)} values of the ${SPLIT_IMAGES[split]} are no finite numbers after the choice ${name}: stored they are ${range}.`,
    expected: 'finite numbers after the choice',
    actual: `${count} that are not, stored as ${range}`,
    hint:
      id === 'log'
        ? "The logarithm is for values from 0. Choose 'standardised', 'robust' or 'unit', or open images without these values."
        : 'Choose another preprocessing, or open images without these values.'
  })
}
