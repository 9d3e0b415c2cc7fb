import { Encoder } from 'cbor-x'

/** Messages as bytes for a WebSocket: CBOR with typed arrays, dates, maps and undefined kept. */
const encoder = new Encoder({ useRecords: false, structuredClone: true })

export function encode(message: unknown): Uint8Array {
  return encoder.encode(message)
}

/** Typed arrays may be views on the frame: it stays in memory as long as they do. */
export function decode(bytes: Uint8Array): unknown {
  return encoder.decode(bytes)
}

/** Subprotocol of the WebSocket; the token is offered beside it. */
export const SUBPROTOCOL = 'normscope'
