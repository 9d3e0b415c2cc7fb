import { NormscopeError } from '../../error'
import { baseName } from '../source'
import type { FolderImage } from './folder'
import type { Tree } from './tree'

/** Bytes of the file beside a picture that says its class. */
const MAX_BYTES = 1 << 16
/** Files read at once. */
const AT_ONCE = 32

/** Where a JSON object has the class. */
const KEYS = ['label', 'cls', 'class', 'class_name', 'category', 'target', 'y']

/** By ending: the class in such a file; undefined where it says none. */
const READERS: Readonly<Record<string, (text: string) => string | undefined>> = {
  cls: (text) => text.trim() || undefined,
  json: (text) => {
    const read = JSON.parse(text) as Readonly<Record<string, unknown>> | number | string | null
    if (typeof read === 'number' || typeof read === 'string') return String(read)
    const found = KEYS.map((key) => read?.[key as never] as unknown).find(
      (value) => typeof value === 'number' || typeof value === 'string'
    )
    return found === undefined ? undefined : String(found)
  }
}

/** WebDataset's key: a file's path up to the first dot of its name. */
export const keyOf = (file: string): string => {
  const from = file.lastIndexOf('/') + 1
  const dot = file.indexOf('.', from)
  return dot < 0 ? file : file.slice(0, dot)
}

/**
 * The pictures of an archive with the classes that the files beside them say, as in WebDataset:
 * 0001.jpg and 0001.cls, or 0001.json. The same pictures where no file says any.
 * Throws NormscopeError 'unlabelled-image' and 'corrupt-label'.
 */
export async function withCompanions(
  tree: Tree,
  images: readonly FolderImage[]
): Promise<readonly FolderImage[]> {
  const { read } = tree
  const companions = companionsIn(tree)
  if (read === undefined || companions.size === 0) return images
  const classes: (string | undefined)[] = []
  for (let at = 0; at < images.length; at += AT_ONCE) {
    const some = images.slice(at, at + AT_ONCE)
    const found = await Promise.all(
      some.map(async ({ file }) => {
        const companion = companions.get(keyOf(file))
        if (companion === undefined) return undefined
        return classIn(companion, await read.call(tree, companion, MAX_BYTES))
      })
    )
    classes.push(...found)
  }
  if (classes.every((name) => name === undefined)) return images
  const lacking = classes.indexOf(undefined)
  if (lacking >= 0) throw unlabelled(tree, images[lacking]!.file)
  return images.map(({ file }, at) => ({ file, className: classes[at]! }))
}

/** By key: the file that says the class, .cls before .json. */
function companionsIn({ files }: Tree): Map<string, string> {
  const companions = new Map<string, string>()
  for (const ending of ['json', 'cls']) {
    for (const file of files) {
      if (file.toLowerCase().endsWith(`.${ending}`)) companions.set(keyOf(file), file)
    }
  }
  return companions
}

function classIn(file: string, bytes: Uint8Array): string | undefined {
  const ending = file.slice(file.lastIndexOf('.') + 1).toLowerCase()
  try {
    return READERS[ending]!(new TextDecoder().decode(bytes))
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : ''
    throw new NormscopeError({
      code: 'corrupt-label',
      message: `${baseName(file)} says no class: it is no JSON (${why}).`,
      path: file,
      expected: 'a JSON object with a label',
      actual: why
    })
  }
}

function unlabelled({ path }: Tree, file: string): NormscopeError {
  return new NormscopeError({
    code: 'unlabelled-image',
    message: `${baseName(path)} says the class of its pictures in files beside them, but not that of ${file}. Add it, or remove the picture.`,
    path,
    expected: `${keyOf(file)}.cls or .json`,
    actual: 'none'
  })
}
