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

/** The groups that names lie in, the outermost first: 'a/b/x' -> ['a/', 'a/b/'] */
function groupsOf(names: readonly string[]): string[] {
  const groups = names.flatMap((name) => {
    const parts = name.split('/').slice(0, -1)
    return parts.map((_, at) => `${parts.slice(0, at + 1).join('/')}/`)
  })
  return [...new Set(groups)].sort((a, b) => depthOf(a) - depthOf(b))
}

const depthOf = (group: string): number => group.split('/').length

/** What is found of names by themselves, else in the one group of its depth in which it is. */
function inGroups<T>(
  names: readonly string[],
  find: (byKey: ReadonlyMap<string, string>) => T | undefined
): T | undefined {
  const whole = find(byKeys(names))
  if (whole !== undefined) return whole
  let found: { readonly depth: number; readonly one: T } | undefined
  for (const group of groupsOf(names)) {
    const depth = depthOf(group)
    if (found !== undefined && depth > found.depth) break
    const one = find(
      byKeys(
        names.filter((name) => name.startsWith(group)),
        group.length
      )
    )
    if (one === undefined) continue
    // of two nobody knows which is meant
    if (found !== undefined) return undefined
    found = { depth, one }
  }
  return found?.one
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
  const best = inGroups(names, bestNaming)
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
  const known = inGroups(names, (byKey) =>
    NAMINGS.map(({ train }) => byKey.get(train.images)).find((name) => name !== undefined)
  )
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
