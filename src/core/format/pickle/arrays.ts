import { checkLabelDims, arrayLabels } from '../array-labels'
import { checkSize } from '../array'
import { checkCounts } from '../labels'
import { NUMBER_TYPES, numberType } from '../number-type'
import type { LabelValues } from '../opened'
import type { OrderedArray } from '../ordered-array'
import { ByteReader, partOf } from '../source'
import type { ByteSource, DataTools, Warn } from '../source'
import { corruptPickle } from './errors'
import { Dict, List, NdArray, Span } from './values'
import type { Pickled } from './values'

/** Names of what is in the pickle, and whether it is a batch of CIFAR. */
export interface PickledArrays {
  readonly named: ReadonlyMap<string, NdArray | List>
  /** N × 3072 are red, green and blue planes of 32 × 32 */
  readonly isCifar: boolean
}

const PAIRS: Readonly<Record<number, readonly string[]>> = {
  2: ['train', 'test'],
  3: ['train', 'val', 'test']
}

/**
 * Arrays and lists of labels by their names: those of a dictionary; x and y of a pair; x_train,
 * y_train and so on of pairs, as Keras and mnist.pkl.gz have them; or one array alone.
 */
export function arraysIn(path: string, value: Pickled): PickledArrays {
  const named = new Map<string, NdArray | List>()
  const set = (name: string, one: Pickled | undefined): void => {
    if (one instanceof NdArray || (one instanceof List && isLabels(one))) named.set(name, one)
  }
  const isCifar =
    value instanceof Dict &&
    ['batch_label', 'fine_labels', 'filenames'].some((key) => value.entries.has(key))
  if (value instanceof Dict) {
    for (const [name, one] of value.entries) if (name !== 'filenames') set(name, one)
  }
  if (value instanceof NdArray) set('x', value)
  if (value instanceof List) {
    const [first, second] = value.items
    const splits = PAIRS[value.items.length]
    if (splits !== undefined && value.items.every(isPair)) {
      splits.forEach((split, at) => {
        const [x, y] = (value.items[at] as List).items
        set(`x_${split}`, x)
        set(`y_${split}`, y)
      })
    } else if (isPair(value)) {
      set('x', first)
      set('y', second)
    }
  }
  if (named.size === 0) throw corruptPickle(path, 'there are no arrays in it')
  return { named, isCifar }
}

const isPair = (value: Pickled): boolean =>
  value instanceof List && value.items.length === 2 && value.items[0] instanceof NdArray

const isLabels = ({ items }: List): boolean =>
  items.length > 0 &&
  items.every((one) => typeof one === 'number' || (typeof one === 'string' && one !== ''))

/** Throws NormscopeError 'unsupported-dtype' or 'truncated-file'. */
export function arrayOf(
  source: ByteSource,
  array: NdArray,
  tools: DataTools,
  warn: Warn
): OrderedArray {
  const { data, dims, descr, fortran } = array
  const path = source.name
  const { type, littleEndian } = numberType(path, descr)
  const facts = { path, dims, type, littleEndian, fortran, offset: 0 }
  const size = data instanceof Span && data.isText ? undefined : data.length
  checkSize(facts, NUMBER_TYPES[type], size)
  return { ...facts, warn, reader: new ByteReader(bytesOf(source, data, tools)) }
}

async function* bytesOf(
  source: ByteSource,
  data: string | Span,
  tools: DataTools
): AsyncGenerator<Uint8Array> {
  if (typeof data === 'string') {
    yield Uint8Array.from(data, (letter) => letter.charCodeAt(0))
    return
  }
  const part = partOf(source, tools, data.offset, data.length)
  if (data.isText) yield* lettersOf(source.name, part)
  else yield* part
}

/** Each letter of a text in UTF-8 as a byte. */
async function* lettersOf(
  path: string,
  chunks: AsyncIterable<Uint8Array>
): AsyncGenerator<Uint8Array> {
  let lead = 0
  for await (const chunk of chunks) {
    const bytes = new Uint8Array(chunk.length)
    let length = 0
    for (const byte of chunk) {
      if (lead !== 0) {
        if (byte >> 6 !== 2) throw corruptPickle(path, 'bytes are not written as text')
        bytes[length++] = ((lead & 3) << 6) | (byte & 63)
        lead = 0
      } else if (byte < 0x80) bytes[length++] = byte
      else if (byte === 0xc2 || byte === 0xc3) lead = byte
      else throw corruptPickle(path, 'a text stands where bytes should')
    }
    yield bytes.subarray(0, length)
  }
}

/** One for each image; a list of numbers or names, or an array. */
export async function labelsOf(
  source: ByteSource,
  value: NdArray | List,
  tools: DataTools,
  warn: Warn,
  images: number
): Promise<LabelValues> {
  if (value instanceof List) {
    checkCounts(source.name, images, value.items.length)
    return value.items as number[] | string[]
  }
  checkLabelDims({ path: source.name, dims: value.dims }, images)
  const array = arrayOf(source, value, tools, warn)
  try {
    return await arrayLabels(array)
  } finally {
    await array.reader.close()
  }
}
