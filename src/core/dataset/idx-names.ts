import type { SplitName } from './dataset'

/** Names of the files of one split in a folder. */
export interface IdxPair {
  readonly images: string
  readonly labels: string | undefined
}

export interface IdxFolder {
  readonly splits: Partial<Readonly<Record<SplitName, IdxPair>>>
  /** sets found, by what their files' names begin with; more than one is ambiguous */
  readonly prefixes: readonly string[]
}

const USUAL = /^(.*?)(train|t10k|test)[-_.](images?|labels?)[-._]idx([134])[-._]?ubyte(\.gz)?$/i

/** Finds train-images-idx3-ubyte and its kin; of a file and its .gz the unpacked one is taken. */
export function idxFolder(names: readonly string[]): IdxFolder {
  const found = new Map<string, string>()
  const prefixes = new Set<string>()
  for (const name of [...names].sort()) {
    const match = USUAL.exec(name)
    if (match === null) continue
    const split: SplitName = match[2]!.toLowerCase() === 'train' ? 'train' : 'test'
    const what = match[3]!.toLowerCase().startsWith('image') ? 'images' : 'labels'
    const key = `${match[1]!}\0${split}\0${what}`
    // sorted: the plain file comes before its .gz
    if (!found.has(key)) found.set(key, name)
    if (what === 'images') prefixes.add(match[1]!)
  }
  const prefix = [...prefixes][0] ?? ''
  const pairOf = (split: SplitName): IdxPair | undefined => {
    const images = found.get(`${prefix}\0${split}\0images`)
    return images === undefined
      ? undefined
      : { images, labels: found.get(`${prefix}\0${split}\0labels`) }
  }
  return { splits: { train: pairOf('train'), test: pairOf('test') }, prefixes: [...prefixes] }
}

/** The labels file among `names` that belongs to an images file by its name. */
export function labelsFor(images: string, names: readonly string[]): string | undefined {
  const plain = images.replace(/\.gz$/i, '')
  const renamed = plain
    .replace(/images/gi, 'labels')
    .replace(/image/gi, 'label')
    .replace(/idx[2-4]/gi, 'idx1')
  if (renamed === plain) return undefined
  const alike = (name: string): string => name.replace(/\.gz$/i, '').replace(/[-_.]/g, '-')
  const candidates = names.filter((name) => alike(name) === alike(renamed))
  return candidates.find((name) => !/\.gz$/i.test(name)) ?? candidates[0]
}
