// The runs of the grid. Each is `train SET WORDS` and the code of the main finding that is right; `then`
// is the code of a finding that has to stand behind it, for what the fault did to the network, and
// `without` what the words have in place of what when the fault is taken away.
import { COUNTING } from './counting.mjs'
import { TUNING } from './tuning.mjs'

const half = (name, table) =>
  table.map(([code, set, words, own]) => ({ code, half: name, set, words, ...own }))

export const GRID = [...half('tune', TUNING), ...half('count', COUNTING)]

/** The words of the run without its fault. */
export function withoutFault({ words, without: [fault, instead] }) {
  if (!words.includes(fault)) throw new Error(`"${fault}" is not in: ${words}`)
  return words.replace(fault, instead).trim()
}
