import { NormscopeError } from '../../error'
import type { LabelReader } from '../format'
import { isJson } from '../json'
import { countMismatch } from '../labels'
import { namedLabels } from '../named-labels'
import type { FilePlace } from '../place'
import { baseName, contentOf } from '../source'
import type { DataTools, Warn } from '../source'

/** Bytes of a file that is read whole. */
const MAX_BYTES = 1 << 28

/** Where an object has the name of an image, and its label. */
const NAMES = ['file', 'file_name', 'filename', 'image', 'path', 'name', 'id']
const LABELS = ['label', 'class', 'class_name', 'category', 'target', 'cls', 'y']

/**
 * Labels as JSON: a list of them in the order of the images, an object of labels by image name, or a
 * list of pairs or of objects that name an image and its label; each also under the key “labels”.
 */
export const JSON_LABELS: LabelReader = {
  name: 'JSON',
  recognise: isJson,
  async read(place, images, { files, warn }) {
    const read = unwrapped(await valueIn(place, files, warn))
    const plain = Array.isArray(read) && read.every(isLabel)
    if (!plain) throw noLabels(place, 'something else than a list of labels')
    if (read.length > images) throw countMismatch(place.path, images, String(read.length))
    return read.map(String)
  },
  async readNamed(place, named, { files, warn }) {
    const rows = rowsIn(unwrapped(await valueIn(place, files, warn)))
    if (rows === undefined) return undefined
    const found = namedLabels(place.path, rows, named)
    if (found === undefined) throw noLabels(place, 'names of other images')
    return found
  }
}

const isLabel = (value: unknown): value is string | number =>
  typeof value === 'string' || typeof value === 'number'

function unwrapped(value: unknown): unknown {
  const inner = (value as { readonly labels?: unknown } | null)?.labels
  return typeof inner === 'object' && inner !== null ? inner : value
}

/** Rows of a name and a label; undefined for a list of labels alone. */
function rowsIn(value: unknown): readonly [string, string][] | undefined {
  const pairs: unknown[] = Array.isArray(value) ? value : Object.entries(value ?? {})
  if (pairs.every(isLabel)) return undefined
  return pairs.flatMap((pair): [string, string][] => {
    const [name, label] = Array.isArray(pair)
      ? (pair as unknown[])
      : [NAMES, LABELS].map((keys) =>
          keys.map((key) => (pair as Record<string, unknown> | null)?.[key]).find(isLabel)
        )
    return isLabel(name) && isLabel(label) ? [[String(name), String(label)]] : []
  })
}

async function valueIn(place: FilePlace, tools: DataTools, warn: Warn): Promise<unknown> {
  const content = await contentOf(place.source, tools, warn)
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of content.chunks()) {
    text += decoder.decode(bytes, { stream: true })
    if (text.length > MAX_BYTES) throw noLabels(place, `more than ${MAX_BYTES} letters`)
  }
  try {
    return JSON.parse(text + decoder.decode())
  } catch (thrown) {
    throw noLabels(place, thrown instanceof Error ? thrown.message : 'no JSON')
  }
}

function noLabels({ path }: FilePlace, found: string): NormscopeError {
  return new NormscopeError({
    code: 'corrupt-json',
    message: `${baseName(path)} holds no labels that can be read: ${found}. It may be a list of labels, {"1.png": "cat", …} or [{"file": "1.png", "label": "cat"}, …].`,
    path,
    expected: 'labels, or names of images with their labels',
    actual: found
  })
}
