// The runs of the grid. Each is `train SET WORDS` and the code of the main finding that is right.
import { COUNTING } from './counting.mjs'
import { TUNING } from './tuning.mjs'

const half = (name, table) => table.map(([code, set, words]) => ({ code, half: name, set, words }))

export const GRID = [...half('tune', TUNING), ...half('count', COUNTING)]
