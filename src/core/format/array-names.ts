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
  /** the first that is there counts */
  readonly validation: readonly ArrayPair[]
  readonly test: readonly ArrayPair[]
}

/** What arrays of images and labels are called, the most specific first. */
const PAIRS: readonly ArrayPair[] = [
  ['x', 'y'],
  ['images', 'labels'],
  ['data', 'target'],
  ['data', 'labels'],
  ['data', 'label'],
  ['data', 'fine_labels'],
  ['image', 'label'],
  ['x', 'labels'],
  ['images', 'ans'],
  ['images', 'category']
].map(([images = '', labels = '']) => ({ images, labels }))

/** How names say their split: x_train, train_images (or images in a group train), train_set_x. */
const FORMS: readonly ((name: string, split: string) => string)[] = [
  (name, split) => `${name}_${split}`,
  (name, split) => `${split}_${name}`,
  (name, split) => `${split}_set_${name}`
]
const VALIDATION = ['val', 'valid', 'validation']

/** Namings in use, the most specific first. */
const NAMINGS: readonly Naming[] = [
  ...FORMS.flatMap((form) =>
    PAIRS.map(({ images, labels }): Naming => {
      const of = (split: string): ArrayPair => ({
        images: form(images, split),
        labels: form(labels, split)
      })
      return { train: of('train'), validation: VALIDATION.map(of), test: [of('test')] }
    })
  ),
  ...PAIRS.map((train): Naming => ({ train, validation: [], test: [] }))
]

/** What errors name of them. */
const COMMON = [
  'x_train and y_train',
  'train_images and train_labels',
  'x and y',
  'images and labels',
  'data and labels'
]

/** As names are compared: a group is a part of the name, case is ignored. */
const keyOf = (name: string): string => name.toLowerCase().replaceAll('/', '_')

/** The names by what they are compared by; of two that are alike the first counts. */
function byKeys(names: readonly string[], from = 0): ReadonlyMap<string, string> {
  return new Map(names.map((name) => [keyOf(name.slice(from)), name] as const).reverse())
}

/** The length of the groups that all names lie in: 'mnist/x_train', 'mnist/y_train' -> 6 */
function commonGroups(names: readonly string[]): number {
  const [first = ''] = names
  const groups = first.split('/').slice(0, -1)
  while (groups.length > 0 && !names.every((name) => name.startsWith(`${groups.join('/')}/`))) {
    groups.pop()
  }
  return groups.length === 0 ? 0 : groups.join('/').length + 1
}

/**
 * The arrays that hold images and labels, by their names: case is ignored, and a group may stand for the
 * first part of a name (train/images). Labels may be missing; images with them are preferred. Validation
 * images are the test split where there is no other. Throws NormscopeError 'unknown-arrays'.
 */
export function splitsOfNames(
  path: string,
  names: readonly string[]
): Partial<Record<SplitName, FoundArrays>> {
  const inside = commonGroups(names)
  const best =
    bestNaming(byKeys(names)) ?? (inside > 0 ? bestNaming(byKeys(names, inside)) : undefined)
  return best ?? { train: { images: imagesOfNames(path, names), labels: undefined } }
}

function bestNaming(
  byKey: ReadonlyMap<string, string>
): Partial<Record<SplitName, FoundArrays>> | undefined {
  const found = ({ images, labels }: ArrayPair): FoundArrays | undefined => {
    const there = byKey.get(images)
    return there === undefined ? undefined : { images: there, labels: byKey.get(labels) }
  }
  const first = (pairs: readonly ArrayPair[]): FoundArrays | undefined =>
    pairs.map(found).find((one) => one !== undefined)
  const splits = NAMINGS.map(({ train, validation, test }) => ({
    train: found(train),
    test: first(test) ?? first(validation)
  }))
  return (
    splits.find(({ train }) => train?.labels !== undefined) ??
    splits.find(({ test }) => test?.labels !== undefined) ??
    splits.find(({ train }) => train !== undefined) ??
    splits.find(({ test }) => test !== undefined)
  )
}

/** The array of images where no labels lie beside it. */
export function imagesOfNames(path: string, names: readonly string[]): string {
  const [whole, inside] = [byKeys(names), byKeys(names, commonGroups(names))]
  const known = [whole, inside]
    .flatMap((byKey) => NAMINGS.map(({ train }) => byKey.get(train.images)))
    .find(Boolean)
  if (known !== undefined) return known
  if (names.length === 1) return names[0]!
  throw unknown(path, names)
}

function unknown(path: string, names: readonly string[]): NormscopeError {
  const wanted = COMMON.join('; ')
  return new NormscopeError({
    code: 'unknown-arrays',
    message: `${baseName(path)} holds ${names.length === 0 ? 'no arrays' : `the arrays ${names.slice(0, 12).join(', ')}`}; images and labels are recognised by these names: ${wanted}.`,
    path,
    expected: wanted,
    actual: names.join(', ')
  })
}
