const PAGE = 65536
const F64 = 8
/** As in scripts/setup/kernels.mjs. */
export const MOST_PAGES = 32768

/** Numbers in the memory of a module, with the address of the first. */
export interface Placed {
  readonly at: number
  readonly values: Float64Array
}

/** A memory for one large work after the other. */
export class WasmRoom<
  Exports extends { memoryStart(): number; clear(address: number, bytes: number): void }
> {
  readonly wasm: Exports
  readonly #memory: WebAssembly.Memory
  #free: number

  constructor(module: WebAssembly.Module) {
    this.#memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true })
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.#memory } })
    this.wasm = exports as unknown as Exports
    this.#free = this.wasm.memoryStart()
  }

  /** What lies in it is no longer used. */
  emptied(): this {
    this.#free = this.wasm.memoryStart()
    return this
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

  /** Zeros, and 16 bytes behind them that vectors may read. */
  bytes(length: number): Uint8Array {
    const at = Math.ceil(this.#free / 64) * 64
    this.#free = at + length + 16
    const missing = this.#free - this.#memory.buffer.byteLength
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE))
    this.wasm.clear(at, length + 16)
    return new Uint8Array(this.#memory.buffer, at, length)
  }
}
