import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { NormscopeError } from '../../../core/error'
import { parseStudy } from '../../../core/study/study'
import type { Study } from '../../../core/study/study'
import { notAFile, onFile } from '../../disk/files'

/** 500 runs of 100 epochs with three layers of 1024 units take about a fifth. */
const LONGEST = 1024 ** 3 / 4

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The study in a file, checked through. Throws NormscopeError, which says what was found instead. */
export async function readStudy(path: string): Promise<Study> {
  return parseStudy(await readText(path), sha256Of, path)
}

function readText(path: string): Promise<string> {
  return onFile(path, async () => {
    const facts = await stat(path)
    if (!facts.isFile()) throw notAFile(path, facts.isDirectory())
    const { size } = facts
    if (size <= LONGEST) return readFile(path, 'utf8')
    throw new NormscopeError({
      code: 'not-a-study',
      message: `${path} has ${size} bytes, more than any study. Normscope writes study files of a few megabytes.`,
      path,
      expected: `at most ${LONGEST} bytes`,
      actual: `${size} bytes`
    })
  })
}
