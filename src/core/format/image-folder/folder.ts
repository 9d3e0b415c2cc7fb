import type { SplitName } from '../../dataset/dataset'
import { sortedByNames } from '../../dataset/names'

/** An image file and the class whose folder it lies in, if it does. */
export interface FolderImage {
  /** relative to the folder that was opened, with / between names */
  readonly file: string
  readonly className?: string
}

export interface FolderPlan {
  readonly splits: Partial<Readonly<Record<SplitName, readonly FolderImage[]>>>
  readonly warnings: readonly string[]
}

/** A file, and its folders as far as they say something. */
interface Placed {
  readonly file: string
  readonly parts: readonly string[]
}

type Sorted = (images: readonly FolderImage[]) => readonly FolderImage[]

type Role = 'train' | 'test' | 'validation'

const ROLES: readonly { readonly role: Role; readonly words: RegExp }[] = [
  { role: 'train', words: /^(train|training|trn)$/ },
  { role: 'test', words: /^(test|testing|tst|t10k)$/ },
  { role: 'validation', words: /^(val|valid|validation|dev|eval)$/ }
]

/** What a folder's name says about its split: 'training-images' -> train. */
export function roleOf(folder: string): Role | undefined {
  const words = folder.toLowerCase().split(/[-_. ]+/)
  return ROLES.find((entry) => words.some((word) => entry.words.test(word)))?.role
}

/**
 * Makes sense of the image files under a folder: class/image, or split/class/image. Files deeper
 * down belong to the class above them. Without folders of classes the images have none: image, or
 * split/image where every folder is named after a split. `below` gives a file's path as far as it says
 * something; files that are ordered stay so. Undefined where there is no image.
 */
export function planFolder(
  files: readonly string[],
  below: (file: string) => string = (file) => file,
  isOrdered = false
): FolderPlan | undefined {
  const sorted = isOrdered ? (images: readonly FolderImage[]) => images : byNames
  if (files.length === 0) return undefined
  const paths = files.map((file): Placed => ({ file, parts: below(file).split('/') }))
  const inClass = paths.filter(({ parts }) => parts.length >= 2)
  const hasRole = ({ parts }: Placed): boolean => roleOf(parts[0]!) !== undefined
  if (inClass.some((one) => one.parts.length >= 3 && hasRole(one))) return splitLevel(paths, sorted)
  if (inClass.length === 0) {
    return { splits: { train: sorted(paths.map((one) => image(one))) }, warnings: [] }
  }
  if (inClass.every(hasRole)) return splitLevel(paths, sorted)
  const loose = paths.length - inClass.length
  return {
    splits: { train: sorted(inClass.map((one) => image(one, 0))) },
    warnings: loose > 0 ? [`Images outside any class folder were left out: ${loose}.`] : []
  }
}

/** Images right in a split's folder have no class; they are left out where others of the split have one. */
function splitLevel(paths: readonly Placed[], sorted: Sorted): FolderPlan {
  const classed = new Map<Role, FolderImage[]>()
  const flat = new Map<Role, FolderImage[]>()
  for (const place of paths) {
    const { length, [0]: first = '' } = place.parts
    const role = length >= 2 ? roleOf(first) : undefined
    if (role === undefined) continue
    const [byRole, one] = length >= 3 ? [classed, image(place, 1)] : [flat, image(place)]
    const images = byRole.get(role) ?? []
    images.push(one)
    byRole.set(role, images)
  }
  const byRole = new Map([...flat, ...classed])
  const used = [...byRole.values()].reduce((sum, { length }) => sum + length, 0)
  return rolesToSplits(byRole, paths.length - used, sorted)
}

function rolesToSplits(
  byRole: ReadonlyMap<Role, FolderImage[]>,
  left: number,
  sorted: Sorted
): FolderPlan {
  const warnings = left > 0 ? [`Images outside the folders of splits were left out: ${left}.`] : []
  const validation = byRole.get('validation')
  const test = byRole.get('test') ?? validation
  const train = byRole.get('train')
  if (validation !== undefined && byRole.has('test')) {
    warnings.push(
      `The validation folder (${validation.length} images) was left out; the test folder is used.`
    )
  } else if (validation !== undefined && train !== undefined) {
    warnings.push('The validation folder is used as the test split.')
  }
  if (train === undefined) {
    warnings.push('There is no training folder; the other one is used as the training split.')
    return { splits: { train: sorted(test!) }, warnings }
  }
  return { splits: { train: sorted(train), test: test && sorted(test) }, warnings }
}

const image = ({ file, parts }: Placed, classAt?: number): FolderImage => ({
  file,
  ...(classAt !== undefined && { className: parts[classAt]! })
})

/** By class, then by name; numbers within names by value: 2.png before 10.png. */
const byNames: Sorted = (images) =>
  sortedByNames(images, [({ className }) => className ?? '', ({ file }) => file])
