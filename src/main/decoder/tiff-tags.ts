/** Tags of a TIFF directory (TIFF 6.0, part 1; EXIF 2.32, 4.6.4). */
export const TAG = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  orientation: 274,
  samples: 277,
  planes: 284,
  predictor: 317,
  tileWidth: 322,
  extra: 338,
  format: 339
} as const

export interface TiffTags {
  /** the order of its bytes */
  readonly little: boolean
  /** places of 8 bytes */
  readonly big: boolean
  /** of each tag of the first directory the first number */
  readonly first: ReadonlyMap<number, number>
}

/** By the number of a type: bytes of a value, and how one is read. */
const TYPES: Readonly<
  Record<number, (view: DataView, at: number, little: boolean) => number | undefined>
> = {
  1: (view, at) => view.getUint8(at),
  3: (view, at, little) => view.getUint16(at, little),
  4: (view, at, little) => view.getUint32(at, little),
  16: (view, at, little) => Number(view.getBigUint64(at, little))
}
const SIZES: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 16: 8 }

/** How both kinds of TIFF lay a directory out. */
const CLASSIC = { mark: 42, start: 4, place: 4, count: 2, entry: 12 } as const
const BIG = { mark: 43, start: 8, place: 8, count: 8, entry: 20 } as const

/** The tags of a TIFF file, or of EXIF data; none where it is neither. */
export function tiffTags(tiff: Uint8Array): TiffTags {
  const first = new Map<number, number>()
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  const little = tiff[0] === 0x49
  const has = (at: number, bytes: number): boolean => at + bytes <= tiff.length
  const mark = has(0, 8) ? view.getUint16(2, little) : 0
  const kind = mark === BIG.mark ? BIG : CLASSIC
  const big = kind === BIG
  const placeAt = (at: number): number =>
    big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little)
  if (mark !== kind.mark || !has(kind.start, kind.place)) return { little, big: false, first }
  const directory = placeAt(kind.start)
  if (!has(directory, kind.count)) return { little, big, first }
  const entries = big ? placeAt(directory) : view.getUint16(directory, little)
  let at = directory + kind.count
  for (let left = entries; left > 0 && has(at, kind.entry); left--, at += kind.entry) {
    const type = view.getUint16(at + 2, little)
    const count = placeAt(at + 4)
    const read = TYPES[type]
    if (read === undefined || count === 0) continue
    const inPlace = at + 4 + kind.place
    const from = count * SIZES[type]! <= kind.place ? inPlace : placeAt(inPlace)
    const value = has(from, SIZES[type]!) ? read(view, from, little) : undefined
    if (value !== undefined) first.set(view.getUint16(at, little), value)
  }
  return { little, big, first }
}
