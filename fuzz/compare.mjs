// `npm run fuzz -- --compare N`: data sets that other software writes are read and compared with what it wrote.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { endChildrenWithUs, track } from '../scripts/setup/command.mjs'
import { inProject } from '../scripts/setup/paths.mjs'
import { providePeers } from '../scripts/setup/peers.mjs'
import { Report } from '../scripts/setup/report.mjs'
import { bundled } from './bundle.mjs'

/** Who writes which modules of fuzz/peers, and a share of all sets. TensorFlow takes seconds to start. */
const WRITERS = [
  { peer: 'writers', modules: ['arrays', 'hdf5', 'tables', 'pictures', 'packed'], share: 0.95 },
  { peer: 'keras', modules: ['records'], share: 0.05 }
]
/** Sets that lie on disk at once. */
const AT_ONCE = 250
/** Files that never reach a disk, on Linux. */
const MEMORY = '/dev/shm'
/** Differences that are told one by one. */
const MOST_TOLD = 40

/** Resolves to the exit code. */
export async function compare({ compare: count, seed, from }) {
  endChildrenWithUs()
  const peers = await providePeers(
    WRITERS.map(({ peer }) => peer),
    new Report(process.stderr)
  )
  for (const { peer, modules } of WRITERS) {
    if (!peers[peer].missing) continue
    console.log(`Nothing of ${modules.join(', ')} is compared: ${peers[peer].missing}`)
    return 1
  }
  const program = await bundled('compare')
  const kinds = new Map()
  const started = Date.now()
  let different = 0
  console.log(`Seed ${seed}`)
  const shares = WRITERS.map(({ share }) => Math.ceil(count * share))
  shares[0] = count - shares.slice(1).reduce((sum, share) => sum + share, 0)
  for (const [place, { peer, modules }] of WRITERS.entries()) {
    const begin = Math.ceil(from * WRITERS[place].share)
    const end = begin + shares[place]
    for (let first = begin; first < end; first += AT_ONCE) {
      const asked = { seed, first, count: Math.min(AT_ONCE, end - first), modules }
      for (const { id, kind, how, wrong } of await written(peers[peer], program, asked)) {
        const of = kinds.get(kind) ?? { sets: 0, different: 0 }
        kinds.set(kind, of)
        of.sets++
        if (wrong === undefined) continue
        of.different++
        if (++different <= MOST_TOLD) console.log(`${id} ${kind}, ${how}: ${wrong}`)
      }
    }
  }
  for (const [kind, { sets, different }] of kinds) {
    console.log(`${String(sets).padStart(6)} ${kind.padEnd(12)} ${different} differ`)
  }
  const seconds = Math.round((Date.now() - started) / 1000)
  console.log(`${count} data sets in ${seconds} s, seed ${seed}, ${different} differ`)
  return different > 0 ? 1 : 0
}

/** What came of so many sets. */
async function written(writer, program, { seed, first, count, modules }) {
  const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'normscope-compare-'))
  try {
    const script = inProject('fuzz', 'peers', 'write.py')
    await linesOf(writer.program, [script, seed, first, count, folder, ...modules], {
      ...writer.env,
      TF_CPP_MIN_LOG_LEVEL: '3'
    })
    const env = { ...process.env, NORMSCOPE_PROGRAM_FOLDER: inProject('out', 'main') }
    const lines = await linesOf(process.execPath, [program, folder], env)
    return lines.map((line) => JSON.parse(line))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function linesOf(program, words, env) {
  const child = spawn(program, words.map(String), { stdio: ['ignore', 'pipe', 'inherit'], env })
  track(child)
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const lines = []
  for await (const line of createInterface({ input: child.stdout })) lines.push(line)
  const code = await ended
  if (code !== 0) throw new Error(`${program} ended with ${code}`)
  return lines
}
