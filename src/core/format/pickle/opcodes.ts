import { build, called, globalNamed } from './calls'
import { corruptPickle } from './errors'
import {
  append,
  count,
  held,
  last,
  line,
  number,
  pop,
  popMark,
  push,
  remember,
  remembered,
  setItems,
  signed,
  top,
  unsigned
} from './machine'
import type { Machine } from './machine'
import { unescaped, unquoted } from './text'
import { Dict, List } from './values'
import type { Pickled } from './values'

/** What an opcode does with the stack; `length` bytes of its argument are there. */
interface Opcode {
  readonly length?: number
  run(machine: Machine, argument: Uint8Array): void | Promise<void>
}

const constant = (value: Pickled): Opcode => ({ run: (machine) => push(machine, value) })
const made = (make: () => Pickled): Opcode => ({ run: (machine) => push(machine, make()) })
const whole = (length: number, isSigned = false): Opcode => ({
  length,
  run: (machine, bytes) => push(machine, isSigned ? signed(bytes) : unsigned(bytes))
})
const sized = (length: number, isText: boolean): Opcode => ({
  length,
  run: (machine, bytes) => held(machine, unsigned(bytes), isText)
})
const tuple = (count: number): Opcode => ({ run: (machine) => push(machine, last(machine, count)) })
const get = (length: number): Opcode => ({
  length,
  run: (machine, bytes) => push(machine, remembered(machine, unsigned(bytes)))
})
const put = (length: number): Opcode => ({
  length,
  run: (machine, bytes) => remember(machine, unsigned(bytes))
})
const big = (length: number): Opcode => ({
  length,
  async run(machine, bytes) {
    const size = unsigned(bytes)
    if (size > 64) throw corruptPickle(machine.path, `a number of ${size} bytes`)
    if (!machine.cursor.has(size)) await machine.cursor.fill(size)
    push(machine, signed(machine.cursor.take(size)))
  }
})
const marked: Opcode = { run: (machine) => push(machine, new List(popMark(machine))) }

/** By pickletools' names, in their order. */
export const OPCODES: ReadonlyMap<number, Opcode> = new Map(
  Object.entries({
    // I
    0x49: {
      async run(machine: Machine) {
        const text = await line(machine)
        if (text === '00' || text === '01') push(machine, text === '01')
        else if (/^[+-]?\d+$/.test(text)) push(machine, Number(text))
        else throw corruptPickle(machine.path, `“${text.slice(0, 40)}” is no number`)
      }
    },
    0x4a: whole(4, true), // BININT
    0x4b: whole(1), // BININT1
    0x4d: whole(2), // BININT2
    0x4c: { run: async (machine: Machine) => push(machine, await number(machine)) }, // LONG
    0x8a: big(1), // LONG1
    0x8b: big(4), // LONG4
    // STRING
    0x53: {
      async run(machine: Machine) {
        const text = unquoted(await line(machine))
        if (text === undefined) throw corruptPickle(machine.path, 'a text has no quotes')
        push(machine, text)
      }
    },
    0x54: sized(4, false), // BINSTRING
    0x55: sized(1, false), // SHORT_BINSTRING
    0x42: sized(4, false), // BINBYTES
    0x43: sized(1, false), // SHORT_BINBYTES
    0x8e: sized(8, false), // BINBYTES8
    0x96: sized(8, false), // BYTEARRAY8
    0x4e: constant(null), // NONE
    0x88: constant(true), // NEWTRUE
    0x89: constant(false), // NEWFALSE
    0x56: { run: async (machine: Machine) => push(machine, unescaped(await line(machine))) }, // UNICODE
    0x8c: sized(1, true), // SHORT_BINUNICODE
    0x58: sized(4, true), // BINUNICODE
    0x8d: sized(8, true), // BINUNICODE8
    // FLOAT
    0x46: { run: async (machine: Machine) => push(machine, Number(await line(machine))) },
    // BINFLOAT
    0x47: {
      length: 8,
      run: (machine: Machine, bytes: Uint8Array) =>
        push(machine, new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0))
    },
    0x5d: made(() => new List([])), // EMPTY_LIST
    0x61: { run: (machine: Machine) => append(machine, [pop(machine)]) }, // APPEND
    0x65: { run: (machine: Machine) => append(machine, popMark(machine)) }, // APPENDS
    0x6c: marked, // LIST
    0x29: made(() => new List([])), // EMPTY_TUPLE
    0x74: marked, // TUPLE
    0x85: tuple(1),
    0x86: tuple(2),
    0x87: tuple(3),
    0x7d: made(() => new Dict()), // EMPTY_DICT
    // DICT
    0x64: {
      run(machine: Machine) {
        const dict = new Dict()
        setItems(machine, dict, popMark(machine))
        push(machine, dict)
      }
    },
    // SETITEM
    0x73: {
      run(machine: Machine) {
        const pair = last(machine, 2).items
        setItems(machine, top(machine), pair)
      }
    },
    // SETITEMS
    0x75: {
      run(machine: Machine) {
        const items = popMark(machine)
        setItems(machine, top(machine), items)
      }
    },
    0x30: { run: (machine: Machine) => void pop(machine) }, // POP
    0x32: { run: (machine: Machine) => push(machine, top(machine)) }, // DUP
    // MARK
    0x28: {
      run(machine: Machine) {
        count(machine)
        machine.marks.push(machine.stack)
        machine.stack = []
      }
    },
    0x31: { run: (machine: Machine) => void popMark(machine) }, // POP_MARK
    // GET
    0x67: {
      run: async (machine: Machine) => push(machine, remembered(machine, await number(machine)))
    },
    0x68: get(1), // BINGET
    0x6a: get(4), // LONG_BINGET
    // PUT
    0x70: {
      run: async (machine: Machine) => remember(machine, await number(machine))
    },
    0x71: put(1), // BINPUT
    0x72: put(4), // LONG_BINPUT
    0x94: { run: (machine: Machine) => remember(machine, machine.memo.size) }, // MEMOIZE
    // GLOBAL
    0x63: {
      async run(machine: Machine) {
        const from = await line(machine)
        push(machine, globalNamed(machine.path, `${from}.${await line(machine)}`))
      }
    },
    // STACK_GLOBAL
    0x93: {
      run(machine: Machine) {
        const [from, name] = last(machine, 2).items
        push(machine, globalNamed(machine.path, `${String(from)}.${String(name)}`))
      }
    },
    // REDUCE
    0x52: {
      run(machine: Machine) {
        const [callable, args] = last(machine, 2).items
        push(machine, called(machine.path, callable!, args!))
      }
    },
    // BUILD
    0x62: {
      run(machine: Machine) {
        const state = pop(machine)
        build(machine.path, top(machine), state)
      }
    },
    0x80: { length: 1, run: () => undefined }, // PROTO
    0x95: { length: 8, run: () => undefined } // FRAME
  } satisfies Record<number, Opcode>).map(([code, opcode]): [number, Opcode] => [
    Number(code),
    opcode
  ])
)
