// A shared library whose references to its own symbols need no look-up. Of libtensorflow's 460,000 references
// that the system's loader has to look up by name, nearly all are to the two libraries themselves, and their names
// are long: that was most of what loading them took. As a linker's -Bsymbolic, references are made relative to the
// library, where the loader would have found nothing else: what a library before it has too is left as it is.
import { closeSync, openSync, readSync, writeSync } from 'node:fs'

const HEADER = 64
const PROGRAM_HEADER = 56
const [LOAD, DYNAMIC] = [1, 2]
const SECTION_HEADER = 64
/** the section of symbols for the loader */
const DYNAMIC_SYMBOLS = 11
/** Entries of the dynamic section. */
const TAGS = {
  strings: 5,
  relocations: 7,
  relocationsSize: 8,
  stringsSize: 10,
  relative: 0x6ffffff9
}
const [RELOCATION, SYMBOL] = [24, 24]
/** R_X86_64_64, R_X86_64_GLOB_DAT and R_X86_64_RELATIVE */
const [ADDRESS, ENTRY, RELATIVE] = [1, 6, 8]
/** STB_GLOBAL and STB_WEAK; a unique symbol is one for all libraries */
const BINDINGS = new Set([1, 2])
/** STT_OBJECT and STT_FUNC; what is found by a call, or by thread, is not at a place */
const TYPES = new Set([1, 2])
/**
 * Names of C++ but for the language's own: those, and C's, may be the system's or the program's, which go before.
 * Also of what is local to a function, of parts of objects (thunks), and of std's templates for types of its own.
 */
const OWN = /^_Z(?:T[IVST]|GV|Thn?\d+_)?Z?N[KVrRO]*(?!S[tabsiod]|10__cxxabiv1|9__gnu_cxx)/
const OF_OWN =
  /^_Z(?:T[IVST])?(?:N[KVrRO]*)?St.*(?:10tensorflow|3tsl|3xla|4mlir|4llvm|5Eigen|4dnnl)/

/**
 * Binds them in a library for Linux on x86-64, in place: nobody may have it loaded. Gives how many references it
 * bound and how many are left to the loader. `before` are names that libraries before it have.
 */
export function bindSymbols(path, before = new Set()) {
  const file = openSync(path, 'r+')
  try {
    const { at, dynamic, table, places, value } = dynamicOf(file)
    const relocations = read(file, at(value('relocations')), value('relocationsSize'))
    const symbols = symbolsOf(file, { at, value })
    const bound = (symbol) => {
      const { name, defined, binding, type } = symbols.of(symbol)
      if (!defined || !BINDINGS.has(binding) || !TYPES.has(type)) return false
      return (OWN.test(name) || OF_OWN.test(name)) && !before.has(name)
    }
    const made = rebound(relocations, symbols, bound)
    writeSync(file, made.relocations, 0, made.relocations.length, at(value('relocations')))
    table.writeBigUInt64LE(BigInt(made.relative), places.relative)
    writeSync(file, table, 0, table.length, at(dynamic.address))
    return { bound: made.bound, left: made.left }
  } finally {
    closeSync(file)
  }
}

/** Names of what a library has for others. */
export function namesDefinedIn(path) {
  const file = openSync(path, 'r')
  try {
    const symbols = symbolsOf(file, dynamicOf(file))
    const all = Array.from({ length: symbols.count }, (_, symbol) => symbols.of(symbol))
    return new Set(all.filter(({ defined }) => defined).map(({ name }) => name))
  } finally {
    closeSync(file)
  }
}

/** The dynamic section: its bytes, where entries lie in them, and their values. */
function dynamicOf(file) {
  const { at, dynamic } = segmentsOf(file)
  const table = read(file, at(dynamic.address), dynamic.size)
  const places = Object.fromEntries(
    Object.entries(TAGS).map(([name, tag]) => [name, placeOf(table, tag)])
  )
  return {
    at,
    dynamic,
    table,
    places,
    value: (name) => Number(table.readBigUInt64LE(places[name]))
  }
}

/** Its symbols, by their numbers. */
function symbolsOf(file, { at, value }) {
  const strings = read(file, at(value('strings')), value('stringsSize'))
  const { offset, size } = sectionOf(file, DYNAMIC_SYMBOLS)
  const table = read(file, offset, size)
  const name = (begin) => strings.toString('latin1', begin, strings.indexOf(0, begin))
  return {
    count: table.length / SYMBOL,
    address: (symbol) => table.readBigInt64LE(symbol * SYMBOL + 8),
    of(symbol) {
      const begin = symbol * SYMBOL
      const info = table[begin + 4]
      const defined = table.readUInt16LE(begin + 6) !== 0
      return { name: name(table.readUInt32LE(begin)), defined, binding: info >> 4, type: info & 15 }
    }
  }
}

/** Where addresses lie in the file, and the dynamic section. */
function segmentsOf(file) {
  const header = read(file, 0, HEADER)
  if (header.readUInt32BE(0) !== 0x7f454c46 || header[4] !== 2 || header.readUInt16LE(18) !== 62) {
    throw new Error('it is no library for Linux on x86-64')
  }
  const count = header.readUInt16LE(56)
  const table = read(file, Number(header.readBigUInt64LE(32)), count * PROGRAM_HEADER)
  const segments = Array.from({ length: count }, (_, i) => {
    const number = (from) => Number(table.readBigUInt64LE(i * PROGRAM_HEADER + from))
    const type = table.readUInt32LE(i * PROGRAM_HEADER)
    return { type, offset: number(8), address: number(16), size: number(32) }
  })
  const loaded = segments.filter(({ type }) => type === LOAD)
  const at = (address) => {
    const { offset, address: begin } = loaded.find(
      (one) => address >= one.address && address < one.address + one.size
    )
    return address - begin + offset
  }
  return { at, dynamic: segments.find(({ type }) => type === DYNAMIC) }
}

/** Where a section of a kind lies in the file. */
function sectionOf(file, kind) {
  const header = read(file, 0, HEADER)
  const count = header.readUInt16LE(60)
  const table = read(file, Number(header.readBigUInt64LE(40)), count * SECTION_HEADER)
  for (let at = 0; at < table.length; at += SECTION_HEADER) {
    if (table.readUInt32LE(at + 4) !== kind) continue
    const number = (from) => Number(table.readBigUInt64LE(at + from))
    return { offset: number(24), size: number(32) }
  }
  throw new Error(`it has no section of kind ${kind}`)
}

function placeOf(table, tag) {
  for (let at = 0; at < table.length; at += 16) {
    if (Number(table.readBigInt64LE(at)) === tag) return at + 8
  }
  throw new Error(`its dynamic section has no entry ${tag}`)
}

/** Relocations with those of bound symbols relative, which come first and are counted, as the loader wants them. */
function rebound(relocations, symbols, isBound) {
  const known = new Map()
  const places = []
  const rest = []
  let left = 0
  let before = 0
  for (let at = 0; at < relocations.length; at += RELOCATION) {
    const type = relocations.readUInt32LE(at + 8)
    const symbol = relocations.readUInt32LE(at + 12)
    if (type === RELATIVE) before++
    else if (symbol !== 0) left++
    if (type !== RELATIVE && type !== ADDRESS && type !== ENTRY) {
      rest.push(at)
      continue
    }
    if (type !== RELATIVE && !known.has(symbol)) known.set(symbol, isBound(symbol))
    if (type === RELATIVE || known.get(symbol)) places.push(at)
    else rest.push(at)
  }
  const offsets = Float64Array.from(places, (at) => Number(relocations.readBigUInt64LE(at)))
  const order = Uint32Array.from(places.keys()).sort((a, b) => offsets[a] - offsets[b])
  const out = Buffer.allocUnsafe(relocations.length)
  let to = 0
  for (const i of order) {
    const at = places[i]
    const symbol = relocations.readUInt32LE(at + 12)
    const type = relocations.readUInt32LE(at + 8)
    const more = relocations.readBigInt64LE(at + 16)
    const address = type === RELATIVE ? 0n : symbols.address(symbol)
    relocations.copy(out, to, at, at + 8)
    out.writeBigUInt64LE(BigInt(RELATIVE), to + 8)
    out.writeBigInt64LE(address + more, to + 16)
    to += RELOCATION
  }
  for (const at of rest) to += relocations.copy(out, to, at, at + RELOCATION)
  const bound = places.length - before
  return { relocations: out, relative: places.length, bound, left: left - bound }
}

function read(file, begin, size) {
  const bytes = Buffer.allocUnsafe(size)
  for (let at = 0; at < size;) {
    const got = readSync(file, bytes, at, size - at, begin + at)
    if (got === 0) throw new Error('it ends too soon')
    at += got
  }
  return bytes
}
