import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright'
import type { Browser, CDPSession, Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { VIEWS } from '../../src/contract/views'
import type { EngineApi } from '../../src/contract/engine'
import { valueOf } from '../../src/core/error'
import { TUTORIAL_CONFIG } from '../../src/core/network/config'
import type { RunConfig } from '../../src/core/network/config'
import { dense } from '../../src/core/network/layers/layers'
import { CHOICE_IDS } from '../../src/core/preprocessing/preprocessing'
import { createRandom } from '../../src/core/random'
import { ENDED_STATUSES } from '../../src/core/study/run'
import type { RunRecord } from '../../src/core/study/run'
import { eventually, temporaryFolder } from '../desktop/project'
import { startShell } from '../served/shell'
import type { Shell } from '../served/shell'
import { judged } from './flat'
import type { Watched } from './flat'
import { writeNoise } from './noise'
import { handlesOf, megabytesOf, treeOf } from './usage'

/** `npm run soak -- --minutes N` sets both. */
const MINUTES = Number(process.env.NORMSCOPE_MINUTES ?? 5)
const SEED = Number(process.env.NORMSCOPE_SEED ?? 2026)
const SAMPLES = 40
/** ended runs that stay; older ones are removed */
const KEPT_RUNS = 60
/** what may be under way or wait */
const OPEN_RUNS = 8

const megabytes = { unit: 'MB', share: 0.1, amount: 16 }
const WATCHED = [
  { name: 'shell', ...megabytes },
  { name: 'engine', ...megabytes },
  { name: 'trainers', ...megabytes },
  { name: 'window', ...megabytes },
  { name: 'tensors', share: 0, amount: 0 },
  { name: 'handles', share: 0, amount: 6 },
  { name: 'processes', share: 0, amount: 2 },
  { name: 'files', share: 0, amount: 6 }
] as const satisfies readonly Watched[]
type Sample = Record<(typeof WATCHED)[number]['name'], number>

const folder = temporaryFolder()
const sets = ['one', 'two'].map((name) => join(folder.path, name))
const temporary = join(folder.path, 'tmp')
const random = createRandom(SEED, 'soak')
const choices = CHOICE_IDS.filter((id) => id !== 'custom').map((id) => ({ id }))

let shell: Shell
let engine: EngineApi
let browser: Browser
let page: Page
let tools: CDPSession
const errors: string[] = []

beforeAll(async () => {
  mkdirSync(temporary, { recursive: true })
  sets.forEach((set, at) => writeNoise(set, 12_000 + 3000 * at, SEED + at))
  shell = await startShell([sets[0]!, '--folder', folder.path], {
    NORMSCOPE_DATA: join(folder.path, 'data'),
    XDG_CACHE_HOME: join(folder.path, 'cache'),
    TMPDIR: temporary
  })
  engine = await shell.connect()
  const executablePath = process.env.NORMSCOPE_CHROMIUM
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.on('pageerror', ({ message }) => errors.push(message))
  await page.goto(shell.address)
  await page.getByRole('tab').first().waitFor()
  tools = await page.context().newCDPSession(page)
  await tools.send('Performance.enable')
})

afterAll(async () => {
  await browser?.close()
  if (shell?.host.exitCode === null) await shell.stop()
  folder.remove()
})

const tenths = (value: number): number => Math.round(10 * value) / 10
const isOpen = ({ status }: RunRecord): boolean => !ENDED_STATUSES.includes(status)
const one = <T>(of: readonly T[]): T => of[random.integer(of.length)]!

/** What a person who is cancelled in the middle is told is no fault; everything else is. */
async function orCancelled(
  work: Promise<{ ok: boolean; error?: { code: string } }>
): Promise<void> {
  const answer = await work
  if (!answer.ok) expect(answer.error?.code).toMatch(/cancelled|overtaken/)
}

/** A person's round: data, runs, statistics, pictures, files, views. */
async function round(at: number): Promise<number> {
  if (at % 5 === 4) valueOf(await engine.openDataset({ paths: [one(sets)] }))
  const before = valueOf(await engine.runs({}))
  const open = before.filter(isOpen)
  if (open.length < OPEN_RUNS / 2) {
    const configs = Array.from({ length: OPEN_RUNS - open.length }, (): RunConfig => ({
      ...TUTORIAL_CONFIG,
      layers: [dense(32 + 32 * random.integer(3))],
      choice: one(choices.slice(0, 6)),
      seed: random.integer(1000),
      epochs: 1 + random.integer(3),
      probeImages: 200
    }))
    valueOf(await engine.enqueue({ configs }))
  }
  const shown = { split: 'train', bins: 100, logCount: false, sharedAxis: false } as const
  valueOf(await engine.distributions({ ...shown, choices: choices.slice(0, 10) }))
  const counting = orCancelled(engine.distributions({ ...shown, split: 'all', choices }))
  valueOf(await engine.cancelCounting({}))
  await counting
  const indices = Array.from({ length: 200 }, () => random.integer(12_000))
  valueOf(await engine.thumbnails({ split: 'train', indices: Uint32Array.from(indices) }))
  for (const index of indices.slice(0, 5)) {
    valueOf(await engine.image({ split: 'train', index, choices: choices.slice(0, 6) }))
  }
  if (open.length > 0 && at % 3 === 0) await engine.cancelRun({ id: one(open).id })
  if (at % 4 === 0)
    valueOf(await engine.report({ choices: choices.slice(0, 3), configs: [TUTORIAL_CONFIG] }))
  await page.getByRole('tab', { name: one(VIEWS).title, exact: true }).click()
  const ended = before.filter((run) => !isOpen(run))
  if (ended.length > KEPT_RUNS) {
    const ids = ended.slice(0, ended.length - KEPT_RUNS).map(({ id }) => id)
    valueOf(await engine.removeRuns({ ids }))
    return ids.length
  }
  return 0
}

async function sample(): Promise<Sample> {
  const { enginePid, trainerPids, trainerTensors = [] } = valueOf(await engine.status({}))
  const all = treeOf(shell.pid)
  await tools.send('HeapProfiler.collectGarbage')
  const { metrics } = await tools.send('Performance.getMetrics')
  const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')!.value
  const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0)
  return {
    shell: megabytesOf(shell.pid),
    engine: megabytesOf(enginePid),
    trainers: sum(trainerPids.map(megabytesOf)),
    window: heap / 2 ** 20,
    // of the trainer that holds most: one that has just begun holds none
    tensors: Math.max(0, ...trainerTensors.map((held = 0) => held)),
    handles: sum(all.map(handlesOf)),
    processes: all.length,
    files: readdirSync(temporary, { recursive: true }).length
  }
}

it(
  `is flat in memory, handles, processes and temporary files over ${MINUTES} minutes (seed ${SEED})`,
  { timeout: MINUTES * 60_000 + 120_000 },
  async () => {
    const samples: Sample[] = []
    const began = performance.now()
    const apart = (MINUTES * 60_000) / SAMPLES
    let removed = 0
    for (let at = 0; samples.length < SAMPLES; at++) {
      removed += await round(at)
      const passed = performance.now() - began
      if (passed < (samples.length + 1) * apart) continue
      samples.push(await sample())
      const told = WATCHED.map(({ name }) => `${name} ${Math.round(samples.at(-1)![name])}`)
      console.log(`${(passed / 60_000).toFixed(1)} min, ${at + 1} rounds: ${told.join(', ')}`)
    }
    valueOf(await engine.cancelAll({}))
    const runs = await eventually('the end of all runs', async () => {
      const all = valueOf(await engine.runs({}))
      return all.some(isOpen) ? undefined : all
    })
    const failed = runs.filter(({ status }) => status === 'failed')
    const found = WATCHED.map((watched) =>
      judged(
        watched,
        samples.map((each) => each[watched.name])
      )
    )
    console.log(`\n${runs.length + removed} runs, ${failed.length} failed\n`)
    console.table(
      Object.fromEntries(
        found.map(({ name, unit, early, late, most, flat }) => [
          unit ? `${name}, ${unit}` : name,
          {
            'second quarter': tenths(early),
            'last quarter': tenths(late),
            'at most': tenths(most),
            flat
          }
        ])
      )
    )
    expect(failed.map(({ error }) => error)).toEqual([])
    expect(errors).toEqual([])
    expect(found.filter(({ flat }) => !flat).map(({ name }) => name)).toEqual([])
  }
)
