/**
 * IDX and NPY read in the plainest way, apart from the app's readers: what a file that opens has to
 * hold. Undefined for what is neither, or is written as no library writes it.
 */
export interface Plain {
  readonly height: number
  readonly width: number
  readonly channels: number
  /** image, row, column, channel */
  readonly values: Float64Array
}

type Get = (view: DataView, at: number, little: boolean) => number

/** By kind and bytes, as NumPy names them. */
const TYPES: Readonly<Record<string, readonly [bytes: number, get: Get]>> = {
  u1: [1, (view, at) => view.getUint8(at)],
  i1: [1, (view, at) => view.getInt8(at)],
  b1: [1, (view, at) => (view.getUint8(at) === 0 ? 0 : 1)],
  u2: [2, (view, at, little) => view.getUint16(at, little)],
  i2: [2, (view, at, little) => view.getInt16(at, little)],
  u4: [4, (view, at, little) => view.getUint32(at, little)],
  i4: [4, (view, at, little) => view.getInt32(at, little)],
  u8: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
  i8: [8, (view, at, little) => Number(view.getBigInt64(at, little))],
  f4: [4, (view, at, little) => view.getFloat32(at, little)],
  f8: [8, (view, at, little) => view.getFloat64(at, little)]
}

const IDX_TYPES: Readonly<Record<number, string>> = {
  0x08: 'u1',
  0x09: 'i1',
  0x0b: 'i2',
  0x0c: 'i4',
  0x0d: 'f4',
  0x0e: 'f8'
}

interface Found {
  readonly type: string
  readonly little: boolean
  readonly fortran: boolean
  readonly dims: readonly number[]
  readonly offset: number
}

export function plainly(file: Uint8Array): Plain | undefined {
  const found = npy(file) ?? idx(file)
  const [bytes, get] = (found && TYPES[found.type]) ?? []
  if (found === undefined || bytes === undefined || get === undefined) return undefined
  const { dims, fortran } = found
  const count = dims.reduce((product, size) => product * size, 1)
  if (count === 0 || found.offset + count * bytes !== file.length) return undefined
  const layout = layoutOf(dims)
  if (layout === undefined) return undefined
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const numberAt = (index: readonly number[]): number => {
    const axes = [...dims.keys()]
    const order = fortran ? axes.reverse() : axes
    const place = order.reduce((at, axis) => at * dims[axis]! + index[axis]!, 0)
    return get(view, found.offset + place * bytes, found.little)
  }
  const { height, width, channels, indexOf } = layout
  const values = new Float64Array(dims[0]! * height * width * channels)
  let at = 0
  for (let image = 0; image < dims[0]!; image++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < channels; c++) values[at++] = numberAt(indexOf(image, y, x, c))
      }
    }
  }
  return { height, width, channels, values }
}

type Layout = Omit<Plain, 'values'> & {
  indexOf(image: number, y: number, x: number, c: number): readonly number[]
}

/** As docs/USING.md has it. */
function layoutOf(dims: readonly number[]): Layout | undefined {
  const [, a = 0, b = 0, c = 0] = dims
  if (dims.length === 2) {
    for (const channels of [1, 3]) {
      const side = Math.sqrt(a / channels)
      if (!Number.isInteger(side)) continue
      const indexOf = (image: number, y: number, x: number, channel: number) => [
        image,
        (y * side + x) * channels + channel
      ]
      return { height: side, width: side, channels, indexOf }
    }
    return undefined
  }
  if (dims.length === 3) {
    return { height: a, width: b, channels: 1, indexOf: (image, y, x) => [image, y, x] }
  }
  if (dims.length !== 4) return undefined
  const last = (channels: number): Layout => ({
    height: a,
    width: b,
    channels,
    indexOf: (image, y, x, channel) => [image, y, x, channel]
  })
  if (c === 1 || c === 3) return last(c)
  if (a === 1 || a === 3) {
    return { height: b, width: c, channels: a, indexOf: (image, y, x, ch) => [image, ch, y, x] }
  }
  return c === 4 ? last(3) : undefined
}

function idx(file: Uint8Array): Found | undefined {
  const type = IDX_TYPES[file[2] ?? 0]
  const axes = file[3] ?? 0
  const offset = 4 + 4 * axes
  if (file[0] !== 0 || file[1] !== 0 || type === undefined || file.length < offset) return undefined
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const dims = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis))
  return { type, little: false, fortran: false, dims, offset }
}

const HEADER =
  /^\{'descr': '([<>|])([uifb][1248])', 'fortran_order': (True|False), 'shape': \((\d+(?:, \d+)*),?\), \} *\n$/

function npy(file: Uint8Array): Found | undefined {
  const head = Buffer.from(file.subarray(0, 10)).toString('latin1')
  if (!head.startsWith('\x93NUMPY\x01\x00')) return undefined
  const length = file[8]! + 256 * file[9]!
  const match = HEADER.exec(Buffer.from(file.subarray(10, 10 + length)).toString('latin1'))
  if (match === null) return undefined
  const [, order, type = '', fortran, shape = ''] = match
  return {
    type,
    little: order !== '>',
    fortran: fortran === 'True',
    dims: shape.split(', ').map(Number),
    offset: 10 + length
  }
}
