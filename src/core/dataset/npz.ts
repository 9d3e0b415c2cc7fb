import { NormscopeError } from '../error'
import type { SplitName } from './dataset'
import { baseName } from './source'

/** Names of the arrays of one split. */
export interface ArrayPair {
  readonly images: string
  readonly labels: string
}

interface Naming {
  readonly train: ArrayPair
  readonly test?: ArrayPair
}

const pair = (images: string, labels: string): ArrayPair => ({ images, labels })

/** Namings in use, the most specific first. */
const NAMINGS: readonly Naming[] = [
  { train: pair('x_train', 'y_train'), test: pair('x_test', 'y_test') },
  { train: pair('train_images', 'train_labels'), test: pair('test_images', 'test_labels') },
  { train: pair('train_x', 'train_y'), test: pair('test_x', 'test_y') },
  { train: pair('x', 'y') },
  { train: pair('images', 'labels') },
  { train: pair('data', 'target') },
  { train: pair('data', 'labels') }
]

/**
 * The arrays that hold images and labels, by the names in an NPZ (without .npy; case is ignored).
 * Throws NormscopeError 'unlabelled' or 'unknown-arrays'.
 */
export function splitsOfNames(
  path: string,
  names: readonly string[]
): Partial<Record<SplitName, ArrayPair>> {
  const byLower = new Map(names.map((name) => [name.toLowerCase(), name]))
  const found = ({ images, labels }: ArrayPair): ArrayPair | undefined => {
    const foundImages = byLower.get(images)
    const foundLabels = byLower.get(labels)
    return foundImages !== undefined && foundLabels !== undefined
      ? { images: foundImages, labels: foundLabels }
      : undefined
  }
  for (const naming of NAMINGS) {
    const train = found(naming.train)
    const test = naming.test && found(naming.test)
    if (train !== undefined) return { train, test }
    if (test !== undefined) return { test }
  }
  const images = NAMINGS.map((naming) => byLower.get(naming.train.images)).find(Boolean)
  if (images !== undefined) throw unlabelled(path, images, names)
  throw unknown(path, names)
}

/** The array of images where labels come from another file. */
export function imagesOfNames(path: string, names: readonly string[]): string {
  const lower = new Map(names.map((name) => [name.toLowerCase(), name]))
  const known = NAMINGS.map((naming) => lower.get(naming.train.images)).find(Boolean)
  if (known !== undefined) return known
  if (names.length === 1) return names[0]!
  throw unknown(path, names)
}

function unlabelled(path: string, images: string, names: readonly string[]): NormscopeError {
  return new NormscopeError({
    code: 'unlabelled',
    message: `${baseName(path)} holds images (${images}) but no labels beside them. Save them together, for example as x_train and y_train, or name them with --labels FILE.`,
    path,
    expected: 'labels beside the images',
    actual: names.join(', '),
    hint: 'Give the labels with --labels FILE, or in the window with “Choose labels”.'
  })
}

function unknown(path: string, names: readonly string[]): NormscopeError {
  const wanted = NAMINGS.map(({ train }) => `${train.images} and ${train.labels}`).join('; ')
  return new NormscopeError({
    code: 'unknown-arrays',
    message: `${baseName(path)} holds ${names.length === 0 ? 'no arrays' : `the arrays ${names.slice(0, 12).join(', ')}`}; images and labels are known by these names: ${wanted}.`,
    path,
    expected: wanted,
    actual: names.join(', ')
  })
}
