import { resolve } from 'node:path'
import { readSummary, writeSummary } from '../engine/summary/file'
import { mergeParts } from '../engine/summary/part'
import type { SummaryPart } from '../engine/summary/part'
import type { Command } from './command'
import { SUMMARY_OUT_OPTION } from './summarise'
import { giveSummary } from './summary-output'
import { text } from './usage'

/** Summaries of shards as one; the same bits as in one pass. */
export const merge: Command = {
  usage: 'merge <file> [...files]',
  description: 'Merge summaries of shards, in any order: the same numbers as in one pass',
  options: [SUMMARY_OUT_OPTION],
  example: 'normscope merge part-1.summary part-2.summary --out whole.summary',
  async run({ output, signal }, [first = '', ...more], options) {
    const out = text(options, 'out', '--out')
    let merged: SummaryPart = await readSummary(resolve(first))
    for (const file of more) {
      signal.throwIfAborted()
      merged = mergeParts([merged, await readSummary(resolve(file))])
    }
    if (out !== undefined) await writeSummary(resolve(out), merged)
    giveSummary(output, merged, out)
  }
}
