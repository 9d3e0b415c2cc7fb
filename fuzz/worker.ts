import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { attemptOf, Judge } from './judge'
import { memory } from './memory'
import { NAMES, recipes } from './seeds'

/** Attempts of one call of the generator. */
const BATCH = 100
/** Every so many go through the whole opening. */
const WHOLE = 20
/** Files that never reach a disk, on Linux. */
const MEMORY = '/dev/shm'
/** Bytes of memory, beyond which an attempt is a finding. */
const MOST_MEMORY = 1 << 30
/** Of a decoder: what ends it in the app, and some that it takes meanwhile. */
const MOST_OF_DECODER = 2.25 * 2 ** 30

const [seedText = '1', firstText = '0', untilText = '0', at = '', only = '', batches = ''] =
  process.argv.slice(2)
const seed = Number(seedText)
const until = Number(untilText)
const names = NAMES.filter((name) => only === '' || name.includes(only))
const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'normscope-fuzz-'))
const judge = new Judge(folder)
/** where the attempt under way is kept: what ends this process is known by it */
const mark = openSync(at, 'w')

function tell(message: unknown): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

async function work(): Promise<void> {
  const last = batches === '' ? Infinity : Number(firstText) + Number(batches)
  const most = { rss: 0, decoder: 0 }
  for (let batch = Number(firstText); Date.now() < until && batch < last; batch++) {
    const counts: Record<string, number> = {}
    const some = fc.sample(recipes(names), { seed: seed * 1_000_003 + batch, numRuns: BATCH })
    for (const [index, recipe] of some.entries()) {
      writeSync(mark, `${JSON.stringify({ batch, index, recipe })}\n`.padEnd(4096), 0)
      const attempt = await attemptOf(recipe)
      const outcome = await judge.try(attempt, index % WHOLE === 0)
      const key =
        outcome.kind === 'refused'
          ? `refused ${outcome.code}`
          : outcome.kind === 'opened'
            ? `opened ${outcome.format}${outcome.compared ? ', compared' : ''}`
            : outcome.kind
      counts[key] = (counts[key] ?? 0) + 1
      const { rss, decoder } = memory()
      most.rss = Math.max(most.rss, rss)
      most.decoder = Math.max(most.decoder, decoder)
      if (rss > MOST_MEMORY || decoder > MOST_OF_DECODER) {
        tell({ finding: 'memory', message: `${rss} bytes, ${decoder} of a decoder`, recipe })
      }
      if ('message' in outcome) {
        tell({ finding: outcome.kind, message: outcome.message, recipe })
      }
    }
    tell({ batch, counts, ...most })
  }
}

void work().finally(async () => {
  await judge.close()
  closeSync(mark)
  rmSync(folder, { recursive: true, force: true })
})
