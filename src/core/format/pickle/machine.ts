import type { Cursor } from './cursor'
import { corruptPickle } from './errors'
import { latin1 } from './text'
import { Dict, List, Span } from './values'
import type { Pickled } from './values'

/** Bytes and texts that are longer are left where they lie. */
const MAX_HELD = 4096
/** bytes of a line of protocol 0, whose length is not said before */
const MAX_LINE = 2 ** 28
/** Values, marks and places in the memo: enough for the labels and names of a million images. */
export const MAX_VALUES = 5_000_000
/** bytes of all that is held */
const MAX_HELD_IN_ALL = 2 ** 29

/** What lies between two marks. */
type Stack = Pickled[]

/** What a pickle's opcodes work on. */
export interface Machine {
  readonly path: string
  readonly cursor: Cursor
  stack: Stack
  readonly marks: Stack[]
  readonly memo: Map<number, Pickled>
  values: number
  readonly maxValues: number
  held: number
}

export function count(machine: Machine): void {
  if (++machine.values > machine.maxValues) {
    throw corruptPickle(machine.path, `it makes more than ${machine.maxValues} values`)
  }
}

export function push(machine: Machine, value: Pickled): void {
  count(machine)
  if (typeof value === 'string') machine.held += value.length
  if (machine.held > MAX_HELD_IN_ALL) {
    throw corruptPickle(machine.path, `its short texts take more than ${MAX_HELD_IN_ALL} bytes`)
  }
  machine.stack.push(value)
}

export function remember(machine: Machine, at: number): void {
  count(machine)
  machine.memo.set(at, top(machine))
}

export function pop(machine: Machine): Pickled {
  const value = machine.stack.pop()
  if (value === undefined) throw corruptPickle(machine.path, 'a value is missing')
  return value
}

export function top(machine: Machine): Pickled {
  const value = machine.stack.at(-1)
  if (value === undefined) throw corruptPickle(machine.path, 'a value is missing')
  return value
}

/** The values since the last mark. */
export function popMark(machine: Machine): Pickled[] {
  const values = machine.stack
  const before = machine.marks.pop()
  if (before === undefined) throw corruptPickle(machine.path, 'a mark is missing')
  machine.stack = before
  return values
}

export function last(machine: Machine, count: number): List {
  const items = Array.from({ length: count }, () => pop(machine))
  return new List(items.reverse())
}

export function append(machine: Machine, values: readonly Pickled[]): void {
  const list = top(machine)
  if (!(list instanceof List)) throw corruptPickle(machine.path, 'something is added to no list')
  for (const value of values) list.items.push(value)
}

export function setItems(machine: Machine, dict: Pickled, values: readonly Pickled[]): void {
  if (!(dict instanceof Dict))
    throw corruptPickle(machine.path, 'something is set in no dictionary')
  if (values.length % 2 !== 0) throw corruptPickle(machine.path, 'a key has no value')
  for (let at = 0; at < values.length; at += 2) {
    const key = values[at]
    if (typeof key !== 'string' && typeof key !== 'number') {
      throw corruptPickle(machine.path, 'a key is neither a text nor a number')
    }
    dict.entries.set(String(key), values[at + 1]!)
  }
}

export function remembered(machine: Machine, at: number): Pickled {
  const value = machine.memo.get(at)
  if (value === undefined)
    throw corruptPickle(machine.path, `it refers to ${at}, which is not there`)
  return value
}

/** Little-endian. */
export function unsigned(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte, at) => sum + byte * 256 ** at, 0)
}

/** Two's complement, little-endian. */
export function signed(bytes: Uint8Array): number {
  const negative = ((bytes.at(-1) ?? 0) & 0x80) !== 0
  return unsigned(bytes) - (negative ? 256 ** bytes.length : 0)
}

export async function line(machine: Machine): Promise<string> {
  const bytes = await machine.cursor.line(MAX_LINE)
  if (bytes === undefined)
    throw corruptPickle(machine.path, `a line is longer than ${MAX_LINE} bytes`)
  return latin1(bytes)
}

/** A line with a number, which may end in the L of Python 2. */
export async function number(machine: Machine): Promise<number> {
  const text = await line(machine)
  const value = /^[+-]?\d+L?$/.test(text) ? parseInt(text, 10) : NaN
  if (Number.isNaN(value)) throw corruptPickle(machine.path, `“${text.slice(0, 40)}” is no number`)
  return value
}

/** So many bytes follow: a text, or bytes. */
export async function held(machine: Machine, length: number, isText: boolean): Promise<void> {
  const { cursor } = machine
  if (length > MAX_HELD) {
    push(machine, new Span(cursor.position, length, isText))
    return cursor.skip(length)
  }
  if (!cursor.has(length)) await cursor.fill(length)
  const bytes = cursor.take(length)
  push(machine, isText ? new TextDecoder().decode(bytes) : latin1(bytes))
}
