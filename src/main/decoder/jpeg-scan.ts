import { Damage } from './damage'
import { BitReader } from './jpeg-huffman'
import type { HuffmanTable } from './jpeg-huffman'

export interface Component {
  readonly id: number
  /** blocks of a unit (MCU), across and down */
  readonly across: number
  readonly down: number
  /** blocks that hold something of the picture */
  readonly blocksAcross: number
  readonly blocksDown: number
  /** blocks in whole units */
  readonly stride: number
  readonly rows: number
  /** progressive: which of a block's 64 coefficients are other than 0 so far */
  known?: Uint8Array
  /** by coefficient: bits of it that no scan has sent so far; UNSENT before the first */
  readonly missing: Uint8Array
}

/** More bits than a coefficient has. */
export const UNSENT = 255

export interface Frame {
  readonly progressive: boolean
  readonly unitsAcross: number
  readonly unitsDown: number
  readonly components: readonly Component[]
}

/** A component in a scan, with the codes it is written in. */
interface Part {
  readonly component: Component
  readonly dc: HuffmanTable | undefined
  readonly ac: HuffmanTable | undefined
}

interface Scan {
  readonly parts: readonly Part[]
  /** first and last coefficient */
  readonly from: number
  readonly to: number
  /** only one more bit of each coefficient */
  readonly refines: boolean
  /** bits of each coefficient that are left for later scans */
  readonly left: number
}

/** Reads one block; what it holds is of no interest, only that it is there. */
type ReadBlock = (part: Part, known: Uint8Array, block: number) => void

/**
 * Reads the blocks of a scan and gives the place after its data (ITU-T T.81, E.2.3 and annex G).
 * Throws Damage where they end before the last block.
 */
export function readScan(
  frame: Frame,
  tables: ReadonlyMap<number, HuffmanTable>,
  restartInterval: number,
  header: Uint8Array,
  file: Uint8Array,
  at: number
): number {
  const scan = scanOf(frame, tables, header)
  const reader = new BitReader(file, at)
  const blocks = new BlockReader(reader, scan)
  const read: ReadBlock = frame.progressive
    ? (part, known, block) => blocks.progressive(part, known, block)
    : (part) => blocks.sequential(part)
  const single = scan.parts.length === 1 ? scan.parts[0]! : undefined
  const across = single?.component.blocksAcross ?? frame.unitsAcross
  const down = single?.component.blocksDown ?? frame.unitsDown
  for (let unit = 0; unit < across * down; unit++) {
    if (restartInterval > 0 && unit > 0 && unit % restartInterval === 0) {
      reader.restart(afterRestart(file, reader.position))
      blocks.restart()
    }
    const row = Math.floor(unit / across)
    const column = unit % across
    if (single) readOne(single, row, column, read)
    else for (const part of scan.parts) readUnit(part, row, column, read)
  }
  for (const { component } of scan.parts) {
    component.missing.fill(scan.left, scan.from, scan.to + 1)
  }
  return reader.position
}

function readOne(part: Part, row: number, column: number, read: ReadBlock): void {
  read(part, knownOf(part.component), row * part.component.stride + column)
}

function readUnit(part: Part, row: number, column: number, read: ReadBlock): void {
  const { across, down, stride } = part.component
  const known = knownOf(part.component)
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      read(part, known, (row * down + y) * stride + column * across + x)
    }
  }
}

const NONE = new Uint8Array(0)
const knownOf = ({ known }: Component): Uint8Array => known ?? NONE

function scanOf(frame: Frame, tables: ReadonlyMap<number, HuffmanTable>, header: Uint8Array): Scan {
  const count = header[0] ?? 0
  if (count < 1 || header.length < 4 + 2 * count) throw new Damage('a scan is cut short')
  const parts = Array.from({ length: count }, (_, index): Part => {
    const component = frame.components.find(({ id }) => id === header[1 + 2 * index])
    if (component === undefined) throw new Damage('a scan is of a colour that it does not have')
    const numbers = header[2 + 2 * index]!
    return {
      component,
      dc: tables.get(numbers >> 4),
      ac: tables.get(0x10 | (numbers & 15))
    }
  })
  const [from, to, bits] = header.subarray(1 + 2 * count)
  if (!frame.progressive) return { parts, from: 0, to: 63, refines: false, left: 0 }
  if (from! > to! || to! > 63) throw new Damage('a scan is of coefficients that there are not')
  for (const { component } of parts) {
    if (from! > 0) component.known ??= new Uint8Array(component.stride * component.rows * 64)
  }
  return { parts, from: from!, to: to!, refines: bits! >> 4 !== 0, left: bits! & 15 }
}

/** Bytes between the data and the mark are passed over, as decoders do. */
function afterRestart(file: Uint8Array, from: number): number {
  for (let at = from; at + 1 < file.length; at++) {
    const next = file[at + 1]!
    if (file[at] !== 0xff || next === 0 || next === 0xff) continue
    if (next >= 0xd0 && next <= 0xd7) return at + 2
    break
  }
  throw new Damage('its picture data are cut short before a restart mark')
}

class BlockReader {
  /** blocks that are still to be passed over */
  #ended = 0

  constructor(
    private readonly reader: BitReader,
    private readonly scan: Scan
  ) {}

  restart(): void {
    this.#ended = 0
  }

  /** ITU-T T.81, F.2.2 */
  sequential({ dc, ac }: Part): void {
    this.#difference(dc)
    const { reader } = this
    const table = needed(ac)
    for (let at = 1; at < 64; at++) {
      const symbol = reader.symbol(table)
      const size = symbol & 15
      if (size === 0 && symbol !== 0xf0) return
      at += symbol >> 4
      if (size > 0 && at > 63) throw new Damage('a block of its picture data is too long')
      reader.bits(size)
    }
  }

  progressive(part: Part, known: Uint8Array, block: number): void {
    const { from, refines } = this.scan
    if (from > 0) {
      if (refines) this.#refine(needed(part.ac), known, 64 * block)
      else this.#first(needed(part.ac), known, 64 * block)
    } else if (refines) this.reader.bits(1)
    else this.#difference(part.dc)
  }

  #difference(dc: HuffmanTable | undefined): void {
    const size = this.reader.symbol(needed(dc))
    if (size > 16) throw new Damage('a block of its picture data has an impossible mean')
    this.reader.bits(size)
  }

  /** ITU-T T.81, G.1.2.2 */
  #first(ac: HuffmanTable, known: Uint8Array, base: number): void {
    if (this.#ended > 0) {
      this.#ended--
      return
    }
    const { reader, scan } = this
    for (let at = scan.from; at <= scan.to; at++) {
      const symbol = reader.symbol(ac)
      const run = symbol >> 4
      const size = symbol & 15
      if (size === 0 && run < 15) {
        this.#ended = (1 << run) + reader.bits(run) - 1
        return
      }
      at += run
      if (size === 0) continue
      if (at > scan.to) throw new Damage('a block of its picture data is too long')
      reader.bits(size)
      known[base + at] = 1
    }
  }

  /** ITU-T T.81, G.1.2.3 */
  #refine(ac: HuffmanTable, known: Uint8Array, base: number): void {
    const { reader, scan } = this
    let at = scan.from
    for (; this.#ended === 0 && at <= scan.to; at++) {
      const symbol = reader.symbol(ac)
      let run = symbol >> 4
      const size = symbol & 15
      if (size === 0 && run < 15) {
        this.#ended = (1 << run) + reader.bits(run)
        break
      }
      reader.bits(size)
      for (; at <= scan.to; at++) {
        if (known[base + at] !== 0) reader.bits(1)
        else if (--run < 0) break
      }
      if (size !== 0 && at <= scan.to) known[base + at] = 1
    }
    if (this.#ended === 0) return
    for (; at <= scan.to; at++) if (known[base + at] !== 0) reader.bits(1)
    this.#ended--
  }
}

function needed(table: HuffmanTable | undefined): HuffmanTable {
  if (table === undefined) throw new Damage('a scan uses a code table that is missing')
  return table
}
