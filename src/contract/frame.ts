/** Lists, maps and tags in each other; a figure of the engine has about ten. */
const DEEPEST = 64

/** Of RFC 8949 and 8746 and of cbor-x: dates, errors, typed arrays, sets, maps. */
const TAGS: readonly number[] = [1, 27, 64, 68, 69, 70, 71, 72, 77, 78, 79, 85, 86, 258, 259]

/** What of a CBOR head follows its first byte. */
const ARGUMENT_BYTES: Readonly<Record<number, number>> = { 24: 1, 25: 2, 26: 4, 27: 8 }

/**
 * Refuses a frame of CBOR that could cost more than its length: big numbers, references, packed
 * values, lengths beyond its end, and nesting that no message of ours has. Linear in the items.
 */
export function checkFrame(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = item(view, 0, 0)
  if (end !== bytes.length) throw new Error(`The message ends at byte ${end} of ${bytes.length}.`)
}

/** Goes over one item; returns where the next one begins. */
function item(view: DataView, at: number, depth: number): number {
  if (depth > DEEPEST) throw new Error(`The message is nested deeper than ${DEEPEST}.`)
  if (at >= view.byteLength) throw new Error('The message ends early.')
  const head = view.getUint8(at)
  const kind = head >> 5
  const short = head & 31
  const more = short < 24 ? 0 : ARGUMENT_BYTES[short]
  if (more === undefined)
    throw new Error(`The message has an item of unknown length at byte ${at}.`)
  const next = at + 1 + more
  if (next > view.byteLength) throw new Error('The message ends early.')
  if (kind === 0 || kind === 1 || kind === 7) return next
  const argument = more === 0 ? short : argumentOf(view, at + 1, more)
  const left = view.byteLength - next
  if (kind === 6) {
    if (!TAGS.includes(argument)) throw new Error(`The message has the unknown tag ${argument}.`)
    return item(view, next, depth + 1)
  }
  if (argument > left) throw new Error('The message ends early.')
  if (kind === 2 || kind === 3) return next + argument
  let place = next
  for (let left = kind === 5 ? 2 * argument : argument; left > 0; left--) {
    place = item(view, place, depth + 1)
  }
  return place
}

function argumentOf(view: DataView, at: number, bytes: number): number {
  if (bytes === 1) return view.getUint8(at)
  if (bytes === 2) return view.getUint16(at)
  if (bytes === 4) return view.getUint32(at)
  return Number(view.getBigUint64(at))
}
