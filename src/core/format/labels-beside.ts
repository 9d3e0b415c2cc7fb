import { filesIn } from './files'
import type { Files } from './files'
import { baseName } from './source'

/** The unpacked file comes before its .gz, one that lies in the folder itself before others. */
export const unpackedFirst = (names: readonly string[]): string[] => {
  const rank = (name: string): number =>
    (/\.gz$/i.test(name) ? 2 : 0) + (name.includes('/') ? 1 : 0)
  return [...names].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
}

/** The file of a name among `names`, gzipped or not, whatever its case. */
export function named(wanted: string, names: readonly string[]): string | undefined {
  const alike = (name: string): string => name.replace(/\.gz$/i, '').toLowerCase()
  return unpackedFirst(names).find((name) => alike(name) === alike(wanted))
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
  return unpackedFirst(names).find((name) => alike(baseName(name)) === alike(renamed))
}

/** Beside a file of one array: images.npy -> labels.npy, x_train.npy -> y_train.npy, train_x.h5 -> train_y.h5; either may be gzipped. */
export async function labelsBeside(path: string, files: Files): Promise<string | undefined> {
  const name = baseName(path)
  const entries = filesIn(await files.beside(path))
  const names = entries.map((entry) => entry.name)
  const renamed = name
    .replace(/^x(?=[_.-])/, 'y')
    .replace(/^X(?=[_.-])/, 'y')
    .replace(/([_-])x(?=\.)/i, '$1y')
  const found = labelsFor(name, names) ?? (renamed === name ? undefined : named(renamed, names))
  return entries.find((entry) => entry.name === found)?.path
}
