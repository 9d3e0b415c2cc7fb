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
import type { Point, Watched } from './flat'
import { heapOf } from './heap'
import { writeNoise } from './noise'
import { handlesOf, megabytesOf, treeOf } from './usage'

/** `npm run soak -- --minutes N` sets both. */
const MINUTES = Number(process.env.NORMSCOPE_MINUTES ?? 5)
const SEED = Number(process.env.NORMSCOPE_SEED ?? 2026)
const SAMPLES = 80
/** ended runs that stay; older ones are removed */
const KEPT_RUNS = 60
/** what may be under way or wait */
const OPEN_RUNS = 8

/** Heaps after a forced collection; memory is what the process has of the system, freed or not. */
const WATCHED = {
  shellHeap: { name: 'heap of the shell', unit: 'MB', most: 0.1 },
  engineHeap: { name: 'heap of the engine', unit: 'MB', most: 0.2 },
  trainerHeap: { name: 'heap of trainer', unit: 'MB', most: 0.1 },
  windowHeap: { name: 'heap of the window', unit: 'MB', most: 0.1 },
  shell: { name: 'memory of the shell', unit: 'MB', most: 0.5 },
  engine: { name: 'memory of the engine', unit: 'MB', most: 2 },
  trainer: { name: 'memory of trainer', unit: 'MB', most: 1 },
  nodes: { name: 'nodes of the window', most: 5 },
  listeners: { name: 'listeners of the window', most: 0.5 },
  tensors: { name: 'tensors', most: 0 },
  handles: { name: 'handles', most: 0.5 },
  processes: { name: 'processes', most: 0.1 },
  files: { name: 'temporary files', most: 0.5 }
} as const satisfies Record<string, Watched>

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
    TMPDIR: temporary,
    NODE_OPTIONS: '--inspect-port=127.0.0.1:0'
  })
  engine = await shell.connect()
  const executablePath = process.env.NORMSCOPE_CHROMIUM
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.on('pageerror', ({ message }) => errors.push(message))
  await page.goto(shell.address)
  await page.getByRole('tab').first().waitFor()
  tools = await page.context().newCDPSession(page)
})

afterAll(async () => {
  await browser?.close()
  if (shell?.host.exitCode === null) await shell.stop()
  folder.remove()
})

const tenths = (value: number): number => Math.round(10 * value) / 10
const hundredths = (value: number): number => Math.round(100 * value) / 100
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

/** What was sampled, by its name; each trainer has rows of its own. */
const series = new Map<string, { readonly watched: Watched; readonly points: Point[] }>()

const MEGABYTE = 2 ** 20
const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0)

async function sample(minute: number): Promise<string> {
  const told: string[] = []
  const add = (watched: Watched, value: number): void => {
    const { points } = series.get(watched.name) ?? { points: [] }
    series.set(watched.name, { watched, points: [...points, { minute, value }] })
    told.push(`${watched.name} ${tenths(value)}`)
  }
  // one view, so that the samples are of the same
  await page.getByRole('tab').first().click()
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))))
  await tools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await tools.send('Runtime.getHeapUsage')
  const { nodes, jsEventListeners } = await tools.send('Memory.getDOMCounters')
  const { enginePid, trainerPids, trainerTensors = [] } = valueOf(await engine.status({}))
  add(WATCHED.windowHeap, usedSize / MEGABYTE)
  add(WATCHED.nodes, nodes)
  add(WATCHED.listeners, jsEventListeners)
  add(WATCHED.shellHeap, (await heapOf(shell.pid)) / MEGABYTE)
  add(WATCHED.engineHeap, (await heapOf(enginePid)) / MEGABYTE)
  add(WATCHED.shell, megabytesOf(shell.pid))
  add(WATCHED.engine, megabytesOf(enginePid))
  for (const pid of trainerPids) {
    const of = ({ name, ...watched }: Watched): Watched => ({ ...watched, name: `${name} ${pid}` })
    add(of(WATCHED.trainerHeap), (await heapOf(pid)) / MEGABYTE)
    add(of(WATCHED.trainer), megabytesOf(pid))
  }
  const all = treeOf(shell.pid)
  // of the trainer that holds most: one that has just begun holds none
  add(WATCHED.tensors, Math.max(0, ...trainerTensors.map((held = 0) => held)))
  add(WATCHED.handles, sum(all.map(handlesOf)))
  add(WATCHED.processes, all.length)
  add(WATCHED.files, readdirSync(temporary, { recursive: true }).length)
  return told.join(', ')
}

it(
  `is flat in memory, handles, processes and temporary files over ${MINUTES} minutes (seed ${SEED})`,
  { timeout: MINUTES * 60_000 + 120_000 },
  async () => {
    const began = performance.now()
    const apart = (MINUTES * 60_000) / SAMPLES
    let removed = 0
    for (let at = 0, samples = 0; samples < SAMPLES; at++) {
      removed += await round(at)
      const passed = performance.now() - began
      if (passed < (samples + 1) * apart) continue
      samples++
      const minute = passed / 60_000
      console.log(`${minute.toFixed(1)} min, ${at + 1} rounds: ${await sample(minute)}`)
    }
    valueOf(await engine.cancelAll({}))
    const runs = await eventually('the end of all runs', async () => {
      const all = valueOf(await engine.runs({}))
      return all.some(isOpen) ? undefined : all
    })
    const failed = runs.filter(({ status }) => status === 'failed')
    // a trainer that was ended, as one that did not obey, is not judged, unless all were
    const whole = [...series.values()].filter(({ points }) => points.length === SAMPLES)
    const found = whole.map(({ watched, points }) => judged(watched, points))
    expect(found.length).toBeGreaterThanOrEqual(Object.keys(WATCHED).length)
    console.log(`\n${runs.length + removed} runs, ${failed.length} failed\n`)
    console.table(
      Object.fromEntries(
        found.map(({ name, unit, mean, slope, within, most, flat }) => [
          unit ? `${name}, ${unit}` : name,
          {
            mean: tenths(mean),
            'a minute': `${hundredths(slope)} ± ${hundredths(within)}`,
            'at most': most,
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
