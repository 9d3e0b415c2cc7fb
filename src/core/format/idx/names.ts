import type { SplitName } from '../../dataset/dataset'
import { unpackedFirst } from '../labels-beside'
import { baseName } from '../source'

/** Names of the files of one split in a folder. */
interface IdxPair {
  readonly images: string
  readonly labels: string | undefined
}

interface IdxFolder {
  readonly splits: Partial<Readonly<Record<SplitName, IdxPair>>>
  /** sets found, by what their files' names begin with; more than one is ambiguous */
  readonly prefixes: readonly string[]
}

const USUAL = /^(.*?)(train|t10k|test)[-_.](images?|labels?)[-._]idx([134])[-._]?ubyte(\.gz)?$/i

/** Whether a file, or a folder that one was unpacked into, has one of the usual names. */
export const isIdxName = (name: string): boolean => USUAL.test(name)

/** Finds train-images-idx3-ubyte and its kin among files, also in folders; see `unpackedFirst`. */
export function idxFolder(names: readonly string[]): IdxFolder {
  const found = new Map<string, string>()
  const prefixes = new Set<string>()
  for (const name of unpackedFirst(names)) {
    const match = USUAL.exec(baseName(name))
    if (match === null) continue
    const split: SplitName = match[2]!.toLowerCase() === 'train' ? 'train' : 'test'
    const what = match[3]!.toLowerCase().startsWith('image') ? 'images' : 'labels'
    const key = `${match[1]!}\0${split}\0${what}`
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
