import type { NormscopeError } from '../../error'
import { Cursor } from './cursor'
import { corruptPickle, refused } from './errors'
import { MAX_VALUES, top } from './machine'
import type { Machine } from './machine'
import { OPCODES } from './opcodes'
import type { Pickled } from './values'

/**
 * The value of a pickle of protocol 0 to 5, as Python's pickletools has the opcodes. Objects are
 * refused and nothing is run: NormscopeError 'refused-pickle', 'corrupt-pickle', 'truncated-file'.
 */
export async function readPickle(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  maxValues = MAX_VALUES
): Promise<Pickled> {
  const cursor = new Cursor(path, chunks)
  const machine: Machine = {
    path,
    cursor,
    stack: [],
    marks: [],
    memo: new Map(),
    values: 0,
    maxValues,
    held: 0
  }
  try {
    for (;;) {
      if (!cursor.has(1)) await cursor.fill(1)
      const code = cursor.take(1)[0]!
      if (code === STOP) return top(machine)
      const opcode = OPCODES.get(code)
      if (opcode === undefined) throw unknown(path, code)
      const length = opcode.length ?? 0
      if (!cursor.has(length)) await cursor.fill(length)
      const waits = opcode.run(machine, cursor.take(length))
      if (waits !== undefined) await waits
    }
  } finally {
    await cursor.close()
  }
}

const STOP = 0x2e

/** Opcodes that make objects, by pickletools' names. */
const OBJECTS: Readonly<Record<number, string>> = {
  0x69: 'an object (INST)',
  0x6f: 'an object (OBJ)',
  0x81: 'an object (NEWOBJ)',
  0x92: 'an object (NEWOBJ_EX)',
  0x50: 'a persistent object (PERSID)',
  0x51: 'a persistent object (BINPERSID)',
  0x82: 'an extension (EXT1)',
  0x83: 'an extension (EXT2)',
  0x84: 'an extension (EXT4)',
  0x8f: 'a set (EMPTY_SET)',
  0x90: 'a set (ADDITEMS)',
  0x91: 'a set (FROZENSET)',
  0x97: 'a buffer outside the file (NEXT_BUFFER)',
  0x98: 'a buffer outside the file (READONLY_BUFFER)'
}

function unknown(path: string, code: number): NormscopeError {
  const object = OBJECTS[code]
  if (object !== undefined) return refused(path, object)
  return corruptPickle(path, `the opcode 0x${code.toString(16).padStart(2, '0')} is unknown`)
}
