import { NUMBER_TYPES, numbersOf } from '../number-type'
import type { NumberTypeId } from '../number-type'
import { corruptPickle, refused } from './errors'
import { DType, Global, List, NdArray, Span } from './values'
import type { Pickled } from './values'

/** What each known name stands for, of all versions of NumPy. */
const GLOBALS: Readonly<Record<string, (path: string, args: readonly Pickled[]) => Pickled>> = {
  'numpy.ndarray': (path) => {
    throw corruptPickle(path, 'an array is called')
  },
  'numpy.dtype': dtypeOf,
  _reconstruct: () => new NdArray(),
  _frombuffer: fromBuffer,
  scalar: scalarOf,
  '_codecs.encode': encoded,
  'builtins.bytearray': bytesAlone,
  'builtins.bytes': bytesAlone,
  '__builtin__.bytes': bytesAlone,
  '__builtin__.bytearray': bytesAlone
}

const IN_NUMPY =
  /^numpy\.(?:core|_core)\.(?:multiarray|numeric)\.(_reconstruct|_frombuffer|scalar)$/

/** Throws NormscopeError 'refused-pickle' for any other. */
export function globalNamed(path: string, name: string): Global {
  const known = IN_NUMPY.exec(name)?.[1] ?? name
  if (!Object.hasOwn(GLOBALS, known)) throw refused(path, name.slice(0, 80))
  return new Global(known)
}

export function called(path: string, callable: Pickled, args: Pickled): Pickled {
  if (!(callable instanceof Global)) throw refused(path, 'a call of a value')
  if (!(args instanceof List)) throw corruptPickle(path, 'a call has no arguments')
  return GLOBALS[callable.name]!(path, args.items)
}

/** Gives an array or a type of numbers its state. */
export function build(path: string, value: Pickled, state: Pickled): void {
  const items = state instanceof List ? state.items : []
  if (value instanceof DType) {
    const [, order, , names, fields] = items
    if (names !== null && names !== undefined)
      throw refused(path, 'records (numpy.dtype with names)')
    if (fields !== null && fields !== undefined)
      throw refused(path, 'records (numpy.dtype with fields)')
    if (typeof order !== 'string') throw corruptPickle(path, 'a dtype has no byte order')
    value.descr = `${order}${value.type}`
  } else if (value instanceof NdArray) {
    const [, shape, dtype, fortran, data] = items
    fill(path, value, { shape, dtype, fortran: fortran === true || fortran === 1, data })
  } else throw refused(path, 'the state of an object (BUILD)')
}

interface State {
  readonly shape: Pickled | undefined
  readonly dtype: Pickled | undefined
  readonly fortran: boolean
  readonly data: Pickled | undefined
}

function fill(path: string, array: NdArray, { shape, dtype, fortran, data }: State): void {
  if (!(shape instanceof List) || !(dtype instanceof DType)) {
    throw corruptPickle(path, 'an array has no shape or type')
  }
  const dims = shape.items.map((size) => {
    if (!Number.isSafeInteger(size) || (size as number) < 0) {
      throw corruptPickle(path, 'the shape of an array is not of whole numbers')
    }
    return size as number
  })
  if (data instanceof List) throw refused(path, 'an array of objects')
  if (typeof data !== 'string' && !(data instanceof Span)) {
    throw corruptPickle(path, 'an array has no data')
  }
  Object.assign(array, { dims, descr: dtype.descr, fortran, data })
}

function dtypeOf(path: string, [type]: readonly Pickled[]): DType {
  if (typeof type !== 'string') throw corruptPickle(path, 'a dtype has no name')
  if (/^O/.test(type)) throw refused(path, 'an array of objects')
  return new DType(type)
}

/** numpy.core.numeric._frombuffer(buffer, dtype, shape, order), of protocol 5. */
function fromBuffer(path: string, [data, dtype, shape, order]: readonly Pickled[]): NdArray {
  const array = new NdArray()
  fill(path, array, { shape, dtype, fortran: order === 'F', data })
  return array
}

/** numpy.core.multiarray.scalar(dtype, bytes) */
function scalarOf(path: string, [dtype, data]: readonly Pickled[]): number {
  const match = dtype instanceof DType ? /^([<>|=]?)([a-z]\d)$/.exec(dtype.descr) : null
  const type = match?.[2] as NumberTypeId | undefined
  if (type === undefined || !Object.hasOwn(NUMBER_TYPES, type) || typeof data !== 'string') {
    throw corruptPickle(path, 'a number of NumPy has no type or value')
  }
  const bytes = Uint8Array.from(data, (letter) => letter.charCodeAt(0))
  if (bytes.length !== NUMBER_TYPES[type].bytes) {
    throw corruptPickle(path, `a number of type ${type} has ${bytes.length} bytes`)
  }
  return numbersOf(bytes, type, match![1] !== '>')[0]!
}

/** _codecs.encode(text, 'latin1'): how Python 3 writes bytes for protocols before 3. */
function encoded(path: string, [text, codec]: readonly Pickled[]): Pickled {
  const isBytes = typeof text === 'string' || text instanceof Span
  if (!isBytes || typeof codec !== 'string' || !/^latin-?1$/i.test(codec)) {
    throw refused(path, '_codecs.encode with another codec than latin1')
  }
  return text
}

function bytesAlone(path: string, args: readonly Pickled[]): Pickled {
  const [data = ''] = args
  if (typeof data === 'string' || data instanceof Span) return data
  throw refused(path, 'bytes made of something else')
}
