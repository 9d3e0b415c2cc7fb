import { dirname, resolve } from 'node:path'
import { NormscopeError } from '../../core/error'
import { addressGiven, isAddress } from '../../core/format/address'
import { sniff, SNIFF_LENGTH } from '../../core/format/sniff'
import { baseName } from '../../core/format/source'
import { headText } from '../../core/format/text'
import { grouped } from '../../core/numbers'
import { MAX_PATHS } from '../../core/study/opened-from'
import type { CheckPath } from '../disk/allowed'
import { fileSource } from '../disk/files'

/** Bytes of a list: 100,000 paths of 300 letters. */
const MAX_BYTES = 1 << 25

interface Listed {
  readonly path: string
  readonly from: { readonly list: string; readonly line: number }
}

/**
 * The paths in a text file, one a line, relative to the folder of the file; empty lines say nothing.
 * Throws NormscopeError 'not-a-list', 'empty-list', 'list-too-long' and 'address'.
 */
export async function pathsInList(list: string, checkPath: CheckPath): Promise<readonly Listed[]> {
  await checkPath(list)
  const lines = textOf(list, await bytesOf(list)).split(/\r\n|\r|\n/)
  const folder = dirname(list)
  const listed = lines.flatMap((text, at): Listed[] => {
    if (text.trim() === '') return []
    if (isAddress(text)) throw addressGiven(text)
    return [{ path: resolve(folder, text), from: { list, line: at + 1 } }]
  })
  if (listed.length > MAX_PATHS) throw tooLong(list, `${grouped(listed.length)} paths`)
  if (listed.length > 0) return listed
  throw new NormscopeError({
    code: 'empty-list',
    message: `${baseName(list)} names no file. A list has one path a line.`,
    path: list,
    expected: 'one path a line',
    actual: 'no path'
  })
}

async function bytesOf(list: string): Promise<Uint8Array> {
  const source = await fileSource(list)
  try {
    if (source.size > MAX_BYTES) throw tooLong(list, `${grouped(source.size)} bytes`)
    return await source.read(0, source.size)
  } finally {
    await source.close()
  }
}

function textOf(list: string, bytes: Uint8Array): string {
  const kind = sniff(bytes.subarray(0, SNIFF_LENGTH))
  if (kind === 'text') return headText(bytes)
  // blank lines alone are no text to whoever looks for data
  if (kind === 'empty' || headText(bytes).trim() === '') return ''
  throw new NormscopeError({
    code: 'not-a-list',
    message: `${baseName(list)} is no text file. After @ stands a text file with one path a line; to open ${baseName(list)} itself, leave the @ out.`,
    path: list,
    expected: 'a text file with one path a line',
    actual: kind
  })
}

function tooLong(list: string, actual: string): NormscopeError {
  return new NormscopeError({
    code: 'list-too-long',
    message: `${baseName(list)} has ${actual}; a list names at most ${grouped(MAX_PATHS)} files in ${grouped(MAX_BYTES)} bytes. Open the folder that they lie in instead.`,
    path: list,
    expected: `at most ${grouped(MAX_PATHS)} paths`,
    actual
  })
}
