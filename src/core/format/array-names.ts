import { NormscopeError } from '../error'
import type { SplitName } from '../dataset/dataset'
import { baseName } from './source'

/** Names of the arrays of one split. */
interface ArrayPair {
  readonly images: string
  readonly labels: string
}

/** As found in a file: the labels may be missing. */
export interface FoundArrays {
  readonly images: string
  readonly labels: string | undefined
}

interface Naming {
  readonly train: ArrayPair
  readonly validation?: ArrayPair
  readonly test?: ArrayPair
}

const pair = (images: string, labels: string): ArrayPair => ({ images, labels })

/** Namings in use, the most specific first. */
const NAMINGS: readonly Naming[] = [
  {
    train: pair('x_train', 'y_train'),
    validation: pair('x_val', 'y_val'),
    test: pair('x_test', 'y_test')
  },
  {
    train: pair('train_images', 'train_labels'),
    validation: pair('val_images', 'val_labels'),
    test: pair('test_images', 'test_labels')
  },
  {
    train: pair('train_x', 'train_y'),
    validation: pair('val_x', 'val_y'),
    test: pair('test_x', 'test_y')
  },
  { train: pair('x', 'y') },
  { train: pair('images', 'labels') },
  { train: pair('data', 'target') },
  { train: pair('data', 'labels') },
  { train: pair('data', 'fine_labels') },
  { train: pair('image', 'label') },
  { train: pair('x', 'labels') }
]

/**
 * The arrays that hold images and labels, by their names (case is ignored).
 * Labels may be missing; images with them are preferred. Validation images are the test split where
 * there is no other. Throws NormscopeError 'unknown-arrays'.
 */
export function splitsOfNames(
  path: string,
  names: readonly string[]
): Partial<Record<SplitName, FoundArrays>> {
  const byLower = new Map(names.map((name) => [name.toLowerCase(), name]))
  const found = ({ images, labels }: ArrayPair): FoundArrays | undefined => {
    const there = byLower.get(images)
    return there === undefined ? undefined : { images: there, labels: byLower.get(labels) }
  }
  const splits = NAMINGS.map(({ train, validation, test }) => ({
    train: found(train),
    test: (test && found(test)) ?? (validation && found(validation))
  }))
  const best =
    splits.find(({ train }) => train?.labels !== undefined) ??
    splits.find(({ test }) => test?.labels !== undefined) ??
    splits.find(({ train }) => train !== undefined) ??
    splits.find(({ test }) => test !== undefined)
  return best ?? { train: { images: imagesOfNames(path, names), labels: undefined } }
}

/** The array of images where no labels lie beside it. */
export function imagesOfNames(path: string, names: readonly string[]): string {
  const lower = new Map(names.map((name) => [name.toLowerCase(), name]))
  const known = NAMINGS.map((naming) => lower.get(naming.train.images)).find(Boolean)
  if (known !== undefined) return known
  if (names.length === 1) return names[0]!
  throw unknown(path, names)
}

function unknown(path: string, names: readonly string[]): NormscopeError {
  const wanted = NAMINGS.map(({ train }) => `${train.images} and ${train.labels}`).join('; ')
  return new NormscopeError({
    code: 'unknown-arrays',
    message: `${baseName(path)} holds ${names.length === 0 ? 'no arrays' : `the arrays ${names.slice(0, 12).join(', ')}`}; images and labels are recognised by these names: ${wanted}.`,
    path,
    expected: wanted,
    actual: names.join(', ')
  })
}
