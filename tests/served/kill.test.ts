import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EngineApi } from '../../src/contract/engine'
import { valueOf } from '../../src/core/error'
import { TUTORIAL_CONFIG } from '../../src/core/network/config'
import { dense } from '../../src/core/network/layers/layers'
import { createRandom } from '../../src/core/random'
import { ENDED_STATUSES } from '../../src/core/study/run'
import type { RunRecord } from '../../src/core/study/run'
import { RUN_FORM } from '../../src/main/engine/journal/run-form'
import { isRunning } from '../../src/main/processes/running'
import { startDesktop } from '../desktop/desktop-shell'
import type { DesktopShell } from '../desktop/desktop-shell'
import { BUILT, DISPLAY, eventually, temporaryFolder } from '../desktop/project'
import { writeSmallImages } from '../main/engine/small-images'
import { treeOf } from '../soak/usage'
import { startShell } from './shell'
import type { Shell } from './shell'

/** `npm run soak` sets both: many kills, and the seed of a run that failed. */
const KILLS = Number(process.env.NORMSCOPE_KILLS ?? 3)
const SEED = Number(process.env.NORMSCOPE_SEED ?? 2026)
const executablePath = process.env.NORMSCOPE_CHROMIUM
/** a window is loaded again, or its page crashes: where there is a browser */
const WINDOW_VICTIMS = executablePath ? (['reload', 'crash'] as const) : []
/** 'app' is the shell with all processes below it */
const VICTIMS = ['trainer', 'engine', 'shell', 'app', ...WINDOW_VICTIMS] as const
type Victim = (typeof VICTIMS)[number]
/** Starts of the desktop app take seconds: not in `npm test`, where crash.test.ts has some. */
const DESKTOP = Boolean(process.env.NORMSCOPE_KILLS && process.env.NORMSCOPE_ELECTRON && DISPLAY)

const folder = temporaryFolder()
const data = join(folder.path, 'data')
const images = join(folder.path, 'squares')
const temporary = join(folder.path, 'tmp')
const pids = new Set<number>()

const random = createRandom(SEED, 'kills')

/** One of the two at a time; they have the same data folder. */
let shell: Shell | DesktopShell
let engine: EngineApi
/** Once a window of the desktop app was told to keep it. */
let keepsSetting = false

const isDesktop = (one: Shell | DesktopShell): one is DesktopShell => 'inWindow' in one

async function start(desktop = DESKTOP && random.uniform() < 0.5): Promise<void> {
  const env = {
    NORMSCOPE_DATA: data,
    TMPDIR: temporary,
    XDG_CACHE_HOME: join(folder.path, 'cache')
  }
  shell = desktop
    ? await startDesktop([], join(folder.path, 'user'), env)
    : await startShell([images, '--folder', folder.path], env)
  pids.add(shell.pid)
  engine = await shell.connect()
  if (isDesktop(shell)) await checkSetting(shell)
}

/** A setting of the window is there at each start behind the one that kept it. */
async function checkSetting(app: DesktopShell): Promise<void> {
  const kept = await app.inWindow(`localStorage.getItem('normscope.kill')`)
  if (keepsSetting) return expect(kept).toBe('kept')
  await app.inWindow(`localStorage.setItem('normscope.kill', 'kept')`)
  await app.keep()
  keepsSetting = true
}

let browser: Browser | undefined
let page: Page | undefined

const withImages = (window: Page): Promise<void> =>
  window.getByText('12,000 train, 300 test').waitFor()

/** The window of the present shell. */
async function shown(shell: Shell): Promise<Page> {
  browser ??= await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  if (page?.url().startsWith(new URL(shell.address).origin)) return page
  await page?.close()
  page = await browser.newPage()
  await page.goto(shell.address)
  await withImages(page)
  return page
}

/** The window is loaded again, or its process ends and a person opens another. */
async function lose(how: 'reload' | 'crash'): Promise<void> {
  if (isDesktop(shell)) return loseDesktop(shell, how)
  const window = await shown(shell)
  if (how === 'reload') await window.reload()
  else {
    const crashed = window.waitForEvent('crash')
    await window.goto('chrome://crash').catch(() => undefined)
    await crashed
    await window.close()
    page = undefined
  }
  await withImages(await shown(shell))
}

async function loseDesktop(app: DesktopShell, how: 'reload' | 'crash'): Promise<void> {
  if (how === 'reload') await app.reload()
  else {
    const before = await app.windowPid()
    process.kill(before, 'SIGKILL')
    await eventually(
      'the window again',
      async () => (await app.windowPid()) !== before || undefined
    )
  }
  await eventually('the images', async () => {
    const text = await app.inWindow('document.body.innerText').catch(() => '')
    return String(text).includes('12,000 train, 300 test') || undefined
  })
  engine = await app.connect()
}

const runs = async (): Promise<readonly RunRecord[]> => valueOf(await engine.runs({}))
const open = (run: RunRecord): boolean => !ENDED_STATUSES.includes(run.status)

/**
 * One that is lost twice without an epoch between has failed, and should: what counts is what the journal has,
 * and one that waits may start at once.
 */
async function hasComeFurther(run: RunRecord): Promise<boolean> {
  if (!open(run) || run.lostAt === undefined) return true
  const kept = await RUN_FORM.readers['.jsonl']!(
    readFileSync(join(data, 'runs', `${run.id}.jsonl`), 'utf8')
  )
  return Math.min(kept.epochs.length, run.epochs.length) > run.lostAt
}

async function ended(): Promise<readonly RunRecord[]> {
  return eventually(
    'the end of all runs',
    async () => {
      const all = await runs()
      return all.some(open) ? undefined : all
    },
    120_000
  )
}

/** Kills, and waits until whoever is left is at work again. */
async function kill(victim: Victim): Promise<void> {
  if (victim === 'reload' || victim === 'crash') return lose(victim)
  const { enginePid, trainerPids } = valueOf(await engine.status({}))
  for (const pid of [enginePid, ...trainerPids]) pids.add(pid)
  const pid = { trainer: trainerPids[0], engine: enginePid, shell: shell.pid, app: shell.pid }[
    victim
  ]
  if (pid === undefined) return
  const tree = treeOf(pid)
  for (const each of tree) pids.add(each)
  for (const each of victim === 'app' ? tree : [pid]) {
    // its parent's end may have been its own
    if (isRunning(each)) process.kill(each, 'SIGKILL')
  }
  if (victim === 'trainer') {
    // else its run would be taken for one that goes on, and be lost twice at once
    await eventually('that its end is noticed', async () =>
      valueOf(await engine.status({})).trainerPids.includes(pid) ? undefined : true
    )
    return
  }
  if (victim === 'shell' || victim === 'app') {
    await eventually('the end of its processes', () => !tree.some(isRunning) || undefined)
    await checkFiles({ whole: false })
    await start()
    const all = await eventually('its runs', async () => {
      const found = await runs()
      return found.some(({ status }) => status === 'queued') ? undefined : found
    })
    expect(all.map(({ status }) => status)).not.toContain('running')
    valueOf(await engine.resumeAll({}))
    return
  }
  engine = await eventually('a new engine', () =>
    shell.connected().then(
      async (api) => (valueOf(await api.status({})).enginePid === enginePid ? undefined : api),
      () => undefined
    )
  )
}

function filesIn(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : []
  )
}

/** Nothing half-written: a run's last line may have been cut off by a kill, until the next start. */
async function checkFiles({ whole = true } = {}): Promise<void> {
  for (const file of filesIn(data)) {
    const text = readFileSync(file, 'utf8')
    if (file.endsWith('.json')) JSON.parse(text)
    if (!file.endsWith('.jsonl')) continue
    if (whole) expect(text.endsWith('\n'), file).toBe(true)
    for (const line of text.split('\n').slice(0, -1)) JSON.parse(line)
    if (file.includes('/runs/')) await RUN_FORM.readers['.jsonl']!(text)
  }
}

describe.skipIf(!BUILT || process.platform !== 'linux')('Normscope under kill -9', () => {
  beforeAll(async () => {
    writeSmallImages(images, 12_000, 300)
    mkdirSync(temporary, { recursive: true })
    await start(false)
  })
  afterAll(async () => {
    await browser?.close()
    for (const each of treeOf(shell.pid)) if (isRunning(each)) process.kill(each, 'SIGKILL')
    folder.remove()
  })

  it(
    `of trainers, engine, window, shell and app, ${KILLS} times at random moments, loses no run and no weight (seed ${SEED})`,
    { timeout: 60_000 + KILLS * 20_000 },
    async () => {
      const config = { ...TUTORIAL_CONFIG, layers: [dense(32)], epochs: 12, probeImages: 100 }
      const configs = [0, 1].map((seed) => ({ ...config, seed }))
      valueOf(await engine.enqueue({ configs }))
      const undisturbed = await ended()
      const hashes = undisturbed.map(({ weightsSha256 }) => weightsSha256)
      expect(undisturbed.map(({ status }) => status)).toEqual(['finished', 'finished'])

      let asked = undisturbed.length
      for (let kills = 0; kills < KILLS; kills++) {
        if (!(await runs()).some(open)) {
          asked += valueOf(await engine.enqueue({ configs })).ids.length
        }
        await eventually('lost runs that have come further', async () =>
          (await Promise.all((await runs()).map(hasComeFurther))).every(Boolean) ? true : undefined
        )
        await new Promise((resolve) => setTimeout(resolve, random.integer(400)))
        const victim = VICTIMS[random.integer(VICTIMS.length)]!
        const kind = isDesktop(shell) ? 'desktop' : 'served'
        if (process.env.NORMSCOPE_KILLS) console.log(`${kills + 1}: ${victim}, ${kind}`)
        await kill(victim)
        const kept = new Map((await runs()).map((run) => [run.id, run]))
        expect(kept.size).toBe(asked)
        for (const { id, weightsSha256 } of undisturbed) {
          expect(kept.get(id)).toMatchObject({ status: 'finished', weightsSha256 })
        }
      }
      const all = await ended()
      expect(all).toHaveLength(asked)
      for (const {
        status,
        config: { seed },
        weightsSha256,
        error,
        epochs
      } of all) {
        expect({ status, error }).toEqual({ status: 'finished', error: undefined })
        expect(weightsSha256).toBe(hashes[seed])
        expect(epochs.map(({ epoch }) => epoch)).toEqual([...Array(config.epochs + 1).keys()])
      }
      const { enginePid, trainerPids } = valueOf(await engine.status({}))
      for (const pid of [enginePid, ...trainerPids]) pids.add(pid)
      await shell.stop()
      for (const pid of pids) {
        await eventually(`the end of process ${pid}`, () => !isRunning(pid) || undefined)
      }

      await checkFiles()
      for (const file of filesIn(data)) {
        expect(file).toMatch(/\.jsonl?$|\/weights\/[\w-]+\.float32$/)
      }
      expect(filesIn(temporary)).toEqual([])
    }
  )
})
