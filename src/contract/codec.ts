import { Encoder } from 'cbor-x'
import { checkFrame } from './frame'

/**
 * Messages as bytes for a WebSocket: CBOR with typed arrays, dates, maps and undefined kept.
 * A value that is met twice is written twice: references would have to be followed when read.
 */
const encoder = new Encoder({ useRecords: false, tagUint8Array: true })

export function encode(message: unknown): Uint8Array {
  return encoder.encode(message)
}

/**
 * Typed arrays may be views on the frame: it stays in memory as long as they do. Throws for
 * anything that `encode` does not write.
 */
export function decode(bytes: Uint8Array): unknown {
  checkFrame(bytes)
  return encoder.decode(bytes)
}

/** Subprotocol of the WebSocket; the token is offered beside it. */
export const SUBPROTOCOL = 'normscope'

/** A longer call is not taken by the engine. */
export const LONGEST_CALL = 16 * 1024 * 1024
