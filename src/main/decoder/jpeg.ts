import { canBeDrawn, drawn } from './canvas'
import { Damage } from './damage'
import { orientationIn } from './exif'
import { readOther } from './other'
import type { Header, Raster } from './raster'
import { readHuffmanTables } from './jpeg-huffman'
import type { HuffmanTable } from './jpeg-huffman'
import { readScan, UNSENT } from './jpeg-scan'
import type { Component, Frame } from './jpeg-scan'

const MARKER = {
  startOfImage: 0xd8,
  endOfImage: 0xd9,
  huffmanTables: 0xc4,
  lines: 0xdc,
  restartInterval: 0xdd,
  scan: 0xda,
  temporary: 0x01,
  exif: 0xe1,
  adobe: 0xee
} as const

/** Baseline, extended and progressive frames in Huffman code; of others the decoder says what it can. */
const READ_FRAMES: readonly number[] = [0xc0, 0xc1, 0xc2]
const PROGRESSIVE = 0xc2
/** Start of a frame of any kind; 0xc4, 0xc8 and 0xcc are something else. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
const hasNoLength = (marker: number): boolean =>
  marker === MARKER.temporary || (marker >= 0xd0 && marker <= 0xd8)

interface State {
  frame: Frame | undefined
  size: Header | undefined
  orientation: number
  /** values of a pixel in the file */
  channels: number
  /** code of a kind that is not read here, so only its end is looked for */
  unread: boolean
  restartInterval: number
  readonly tables: Map<number, HuffmanTable>
}

export function jpegHeader(file: Uint8Array): Header {
  const { size, orientation } = readSegments(file, true)
  if (size === undefined) throw new Damage('it holds no picture')
  return { ...size, orientation }
}

/** As Pillow has it to the last bit, but where libjpeg-turbo or a surface cannot hold the picture. */
export async function readJpeg(file: Uint8Array): Promise<Raster> {
  const { size, unread, channels } = readSegments(file, true)
  if (size === undefined) throw new Damage('it holds no picture')
  if (unread || !canBeDrawn(size)) return readOther(file)
  const pixels = await drawn(withoutProfile(file), size)
  const kept = channels === 1 ? 1 : 3
  const values = new Uint8Array(size.height * size.width * kept)
  for (let pixel = 0; pixel < size.height * size.width; pixel++) {
    if (pixels[4 * pixel + 3] !== 255) throw new Damage('its picture data cannot be decoded')
    for (let channel = 0; channel < kept; channel++) {
      values[kept * pixel + channel] = pixels[4 * pixel + channel]!
    }
  }
  return { ...size, channels: kept, alpha: false, values }
}

/** Without the data of applications but JFIF's and Adobe's: colours stay as stored, pixels where they are. */
function withoutProfile(file: Uint8Array): Uint8Array {
  const kept: Uint8Array[] = [file.subarray(0, 2)]
  for (let at = 2; ;) {
    at = nextMarker(file, at)
    const marker = file[at + 1]!
    if (marker === MARKER.scan) {
      kept.push(file.subarray(at))
      return Buffer.concat(kept)
    }
    const end = hasNoLength(marker) ? at + 2 : at + 4 + segmentAt(file, at + 2).length
    const isOfApplication = marker > 0xe0 && marker <= 0xef && marker !== MARKER.adobe
    if (!isOfApplication) kept.push(file.subarray(at, end))
    at = end
  }
}

/**
 * Reads a JPEG file through to its end mark and every scan block by block, which decoders that fill
 * up with grey what is missing do not tell. Throws Damage.
 */
export function checkJpeg(file: Uint8Array): void {
  const { frame, unread } = readSegments(file, false)
  if (unread) return
  if (frame === undefined) throw new Damage('it holds no picture')
  if (frame.components.some(({ missing }) => missing[0] === UNSENT)) {
    throw new Damage('it lacks one of its colours')
  }
  // a cut between two scans; each coefficient is sent to its last bit in a whole file
  if (frame.components.some(({ missing }) => missing.some((bits) => bits > 0))) {
    throw new Damage('it is cut short: some of its scans are missing')
  }
}

function readSegments(file: Uint8Array, sizeOnly: boolean): State {
  const state: State = {
    frame: undefined,
    size: undefined,
    orientation: 1,
    channels: 0,
    unread: false,
    restartInterval: 0,
    tables: new Map()
  }
  for (let at = 2; ;) {
    at = nextMarker(file, at)
    const marker = file[at + 1]!
    at += 2
    if (marker === MARKER.endOfImage) return state
    if (hasNoLength(marker)) continue
    const segment = segmentAt(file, at)
    at += 2 + segment.length
    if (marker === MARKER.exif && isExif(segment)) {
      state.orientation = orientationIn(segment.subarray(6))
    }
    if (isFrame(marker)) readFrame(state, marker, segment)
    if (sizeOnly && state.size !== undefined) return state
    if (marker === MARKER.huffmanTables) readHuffmanTables(segment, state.tables)
    if (marker === MARKER.restartInterval) state.restartInterval = pair(segment, 0)
    if (marker === MARKER.scan) at = afterScan(state, file, segment, at)
  }
}

const isExif = (segment: Uint8Array): boolean =>
  Buffer.from(segment.buffer, segment.byteOffset, Math.min(6, segment.length)).equals(EXIF)
const EXIF = Buffer.from('Exif\0\0')

/** Anything between two segments is passed over, as decoders do. */
function nextMarker(file: Uint8Array, from: number): number {
  for (let at = from; at + 1 < file.length; at++) {
    if (file[at] === 0xff && file[at + 1] !== 0 && file[at + 1] !== 0xff) return at
  }
  throw new Damage('it is cut short: its end mark is missing')
}

function segmentAt(file: Uint8Array, at: number): Uint8Array {
  const length = at + 2 <= file.length ? pair(file, at) : 2
  if (at + length > file.length) throw new Damage('it is cut short')
  if (length < 2) throw new Damage('one of its parts has no length')
  return file.subarray(at + 2, at + length)
}

const pair = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!

function readFrame(state: State, marker: number, segment: Uint8Array): void {
  const count = segment[5] ?? 0
  if (count < 1 || segment.length < 6 + 3 * count) throw new Damage('its header is cut short')
  const height = pair(segment, 1)
  const width = pair(segment, 3)
  state.size = { height, width }
  state.channels = count
  // a height of 0 comes after the first scan (DNL); hardly any decoder knows it
  state.unread = !READ_FRAMES.includes(marker) || height === 0 || width === 0
  if (state.unread) return
  const sampling = Array.from({ length: count }, (_, index) => ({
    id: segment[6 + 3 * index]!,
    across: segment[7 + 3 * index]! >> 4,
    down: segment[7 + 3 * index]! & 15
  }))
  if (sampling.some(({ across, down }) => across < 1 || across > 4 || down < 1 || down > 4)) {
    throw new Damage('its sampling factors are not between 1 and 4')
  }
  const mostAcross = Math.max(...sampling.map(({ across }) => across))
  const mostDown = Math.max(...sampling.map(({ down }) => down))
  const progressive = marker === PROGRESSIVE
  const unitsAcross = Math.ceil(width / (8 * mostAcross))
  const unitsDown = Math.ceil(height / (8 * mostDown))
  state.frame = {
    progressive,
    unitsAcross,
    unitsDown,
    components: sampling.map(({ id, across, down }): Component => ({
      id,
      across,
      down,
      blocksAcross: Math.ceil(Math.ceil((width * across) / mostAcross) / 8),
      blocksDown: Math.ceil(Math.ceil((height * down) / mostDown) / 8),
      stride: unitsAcross * across,
      rows: unitsDown * down,
      missing: new Uint8Array(64).fill(UNSENT)
    }))
  }
}

/** Where the scan's data end. */
function afterScan(state: State, file: Uint8Array, header: Uint8Array, at: number): number {
  if (state.unread) return at
  if (state.frame === undefined) throw new Damage('its picture comes before its header')
  return readScan(state.frame, state.tables, state.restartInterval, header, file, at)
}
