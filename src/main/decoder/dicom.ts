import { parseDicom } from 'dicom-parser'
import type { DataSet } from 'dicom-parser'
import type { Remark } from '../../core/format/pictures'
import { Damage } from './damage'
import type { Header, Raster } from './raster'

/** Attributes of a picture (DICOM PS3.3, C.7.6.3 and C.11.1). */
const TAG = {
  transferSyntax: 'x00020010',
  samples: 'x00280002',
  photometric: 'x00280004',
  frames: 'x00280008',
  rows: 'x00280010',
  columns: 'x00280011',
  allocated: 'x00280100',
  stored: 'x00280101',
  highBit: 'x00280102',
  signed: 'x00280103',
  intercept: 'x00281052',
  slope: 'x00281053',
  pixels: 'x7fe00010'
} as const

/** Uncompressed, little-endian: implicit and explicit (PS3.5, annex A). */
const READ_SYNTAXES = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1']

interface Picture extends Header {
  /** bytes of a value */
  readonly size: 1 | 2
  readonly bits: number
  /** bits below the value */
  readonly shift: number
  readonly isSigned: boolean
  /** 0 is white */
  readonly inverted: boolean
  /** bytes before the values */
  readonly at: number
}

export const dicomHeader = (file: Uint8Array): Header => pictureOf(file)

/**
 * The stored values of a grey picture: unsigned ones as they are in 8 or 16 bits, signed ones as floats.
 * Values in which 0 is white are inverted within their bits; slope and intercept are not applied.
 */
export function readDicom(file: Uint8Array): Raster {
  const { height, width, size, bits, shift, isSigned, inverted, at } = pictureOf(file)
  const count = height * width
  if (file.length < at + count * size) {
    const found = Math.max(0, file.length - at)
    throw new Damage(`its pixel data are cut short: ${found} of ${count * size} bytes`)
  }
  const values = isSigned
    ? new Float32Array(count)
    : size === 1
      ? new Uint8Array(count)
      : new Uint16Array(count)
  const mask = 2 ** bits - 1
  const unused = 32 - bits
  for (let pixel = 0; pixel < count; pixel++) {
    const from = at + pixel * size
    const word = size === 1 ? file[from]! : file[from]! | (file[from + 1]! << 8)
    const value = (word >> shift) & mask
    const number = isSigned ? (value << unused) >> unused : value
    values[pixel] = inverted ? (isSigned ? -1 : mask) - number : number
  }
  return { height, width, channels: 1, alpha: false, values }
}

function pictureOf(file: Uint8Array): Picture {
  const data = parsed(file)
  const syntax = data.string(TAG.transferSyntax) ?? ''
  if (!READ_SYNTAXES.includes(syntax)) {
    throw new Damage(
      `DICOM of the transfer syntax ${syntax}, compressed or big-endian, is not supported`
    )
  }
  const number = (tag: string, otherwise?: number): number => {
    const value = data.uint16(tag) ?? otherwise
    if (value === undefined) throw new Damage('it lacks an attribute of its picture')
    return value
  }
  const photometric = data.string(TAG.photometric) ?? ''
  const inverted = photometric === 'MONOCHROME1'
  if (number(TAG.samples, 1) !== 1 || !(inverted || photometric === 'MONOCHROME2')) {
    throw new Damage(`DICOM in colour (${photometric}) is not supported`)
  }
  const [height, width] = [number(TAG.rows), number(TAG.columns)]
  const allocated = number(TAG.allocated)
  if (allocated !== 8 && allocated !== 16) {
    throw new Damage(`DICOM with ${allocated} bits a value is not supported`)
  }
  const bits = number(TAG.stored)
  const shift = number(TAG.highBit, bits - 1) - bits + 1
  if (bits < 1 || shift < 0 || bits + shift > allocated) {
    throw new Damage(`its ${bits} bits do not fit into ${allocated}`)
  }
  const pixels = data.elements[TAG.pixels]
  if (pixels === undefined || height * width === 0) throw new Damage('it holds no picture')
  const isSigned = number(TAG.signed, 0) === 1
  return {
    ...{ height, width, bits, shift, isSigned, inverted, at: pixels.dataOffset },
    size: allocated === 8 ? 1 : 2,
    remarks: remarksOf(data, inverted, isSigned)
  }
}

function remarksOf(data: DataSet, inverted: boolean, isSigned: boolean): Remark[] {
  const slope = data.floatString(TAG.slope) ?? 1
  const intercept = data.floatString(TAG.intercept) ?? 0
  const remarks: Remark[] = []
  if (inverted) remarks.push({ kind: 'inverted' })
  if (isSigned) remarks.push({ kind: 'signed' })
  if (slope !== 1 || intercept !== 0) {
    remarks.push({ kind: 'rescale', detail: `slope ${slope}, intercept ${intercept}` })
  }
  if (Number(data.intString(TAG.frames) ?? 1) > 1) remarks.push({ kind: 'frames' })
  return remarks
}

/** The library throws words, or objects that hold them. */
function parsed(file: Uint8Array): DataSet {
  try {
    return parseDicom(file)
  } catch (thrown) {
    const words = (thrown as { readonly exception?: unknown }).exception ?? thrown
    const said = words instanceof Error ? words.message : String(words)
    throw new Damage(said.replace(/^dicomParser\.\w+: /, ''))
  }
}
