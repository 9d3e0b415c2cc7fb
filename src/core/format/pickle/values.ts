/** What a pickle can hold here: data alone. Bytes and texts are strings, one letter a byte of bytes. */
export type Pickled =
  string | number | boolean | null | Span | List | Dict | Global | DType | NdArray

/** Bytes that are left where they lie. */
export class Span {
  constructor(
    /** bytes from the start of the unpacked file */
    readonly offset: number,
    readonly length: number,
    /** each byte was written as a letter, in UTF-8 */
    readonly isText: boolean
  ) {}
}

/** A list or a tuple. */
export class List {
  constructor(readonly items: Pickled[]) {}
}

export class Dict {
  readonly entries = new Map<string, Pickled>()
}

/** One of the few names that are known; nothing is ever called. */
export class Global {
  constructor(readonly name: string) {}
}

export class DType {
  /** as NumPy writes it: '<f4' */
  descr: string
  constructor(
    /** without the byte order */
    readonly type: string
  ) {
    this.descr = type
  }
}

export class NdArray {
  dims: readonly number[] = []
  descr = ''
  fortran = false
  data: string | Span = ''
}
