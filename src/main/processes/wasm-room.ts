import { newMemory, TEAM_END } from './wasm-memory'

const PAGE = 65536
const F64 = 8
/** Columns of a panel of a product. */
export const PANEL = 8

export const upTo = (value: number, multiple: number): number =>
  Math.ceil(value / multiple) * multiple

/** Numbers in the memory of a module, with the address of the first. */
export interface Placed {
  readonly at: number
  readonly values: Float64Array
}

/** What every module exports. */
export interface Clearing {
  clear(address: number, bytes: number): void
}

/** A memory for one large work after the other. */
export class WasmRoom<Exports extends Clearing> {
  readonly wasm: Exports
  readonly #memory: WebAssembly.Memory
  #free = TEAM_END

  constructor(module: WebAssembly.Module, memory = newMemory()) {
    this.#memory = memory
    const { exports } = new WebAssembly.Instance(module, { env: { memory } })
    this.wasm = exports as unknown as Exports
  }

  /** What lies in it is no longer used. */
  emptied(): this {
    this.#free = TEAM_END
    return this
  }

  /** What lies at an address. */
  integers(at: number, length: number): Int32Array {
    return new Int32Array(this.#memory.buffer, at, length)
  }

  /** As well. */
  doublesAt(at: number, length: number): Float64Array {
    return new Float64Array(this.#memory.buffer, at, length)
  }

  /** Zeros. */
  indices(length: number): Int32Array {
    const { buffer, byteOffset } = this.bytes(length * 4)
    return new Int32Array(buffer, byteOffset, length)
  }

  floats(length: number): Float32Array {
    const { buffer, byteOffset } = this.bytes(length * 4)
    return new Float32Array(buffer, byteOffset, length)
  }

  /** Zeros. */
  doubles(length: number): Placed {
    const at = this.bytes(length * F64).byteOffset
    return { at, values: new Float64Array(this.#memory.buffer, at, length) }
  }

  /** The address of a copy. */
  put(numbers: ArrayLike<number>): number {
    const { at, values } = this.doubles(numbers.length)
    values.set(numbers)
    return at
  }

  /** Zeros, and 16 bytes behind them that vectors may read. */
  bytes(length: number): Uint8Array {
    const at = upTo(this.#free, 64)
    this.#free = at + length + 16
    const missing = this.#free - this.#memory.buffer.byteLength
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE))
    this.wasm.clear(at, length + 16)
    return new Uint8Array(this.#memory.buffer, at, length)
  }
}
