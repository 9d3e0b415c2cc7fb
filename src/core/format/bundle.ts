import { grouped } from '../numbers'
import { imagesOfNames, splitsOfNames } from './array-names'
import type { FoundArrays } from './array-names'
import { NO_TRAINING, sourcesOf } from './format'
import type { Plan, PlannedSplit } from './format'

/** Arrays of one file, known by their names. */
interface Bundle {
  readonly path: string
  readonly names: readonly string[]
  /** undefined where it cannot be told */
  rows(name: string): Promise<number | undefined>
}

/** A split's arrays in a bundle. */
export interface BundleSplit extends PlannedSplit {
  readonly arrays: FoundArrays
  /** a file of labels alone */
  readonly labels: string | undefined
}

/** Finds images and labels by the names of the arrays. Throws NormscopeError 'unknown-arrays'. */
export async function bundlePlan(
  bundle: Bundle,
  labels: string | undefined,
  { recipe, name }: { readonly recipe: string; readonly name: string }
): Promise<Plan<BundleSplit>> {
  const { path, names } = bundle
  const splits =
    labels === undefined
      ? splitsOfNames(path, names)
      : { train: { images: imagesOfNames(path, names), labels: undefined } }
  const { train, test } = splits
  const used = [train, test].flatMap((arrays) => [arrays?.images, arrays?.labels])
  const left = names.filter((one) => !used.includes(one))
  return {
    name,
    sources: sourcesOf([path, labels]),
    recipe: JSON.stringify([recipe, splits]),
    train: { path, arrays: (train ?? test)!, labels },
    test: train && test && { path, arrays: test, labels: undefined },
    warnings: [
      ...(train === undefined ? [NO_TRAINING] : []),
      ...(train && test && isValidation(test.images)
        ? [`The validation images (${test.images}) are used as the test split.`]
        : []),
      ...(left.length > 0 ? [await leftOut(bundle, left)] : [])
    ]
  }
}

const isValidation = (name: string): boolean => /(^|[_/])val(id|idation)?([_/]|$)/i.test(name)

/** Arrays that are named in a warning. */
const MAX_NAMED = 8

/** 'Arrays that are not used: val_images (524 rows), val_labels (524 rows).' */
async function leftOut(bundle: Bundle, names: readonly string[]): Promise<string> {
  const some = names.slice(0, MAX_NAMED)
  const told: string[] = []
  for (const name of some) {
    const rows = await bundle.rows(name)
    told.push(
      rows === undefined ? name : `${name} (${grouped(rows)} ${rows === 1 ? 'row' : 'rows'})`
    )
  }
  const more = names.length - some.length
  return `Arrays that are not used: ${told.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`
}
