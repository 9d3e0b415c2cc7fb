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
import { BUILT, eventually, temporaryFolder } from '../desktop/project'
import { writeSmallImages } from '../main/engine/small-images'
import { startShell } from './shell'
import type { Shell } from './shell'

/** `npm run soak` sets both: many kills, and the seed of a run that failed. */
const KILLS = Number(process.env.NORMSCOPE_KILLS ?? 3)
const SEED = Number(process.env.NORMSCOPE_SEED ?? 2026)
const executablePath = process.env.NORMSCOPE_CHROMIUM
/** a window is loaded again, or its page crashes: where there is a browser */
const WINDOW_VICTIMS = executablePath ? (['reload', 'crash'] as const) : []
const VICTIMS = ['trainer', 'engine', 'shell', ...WINDOW_VICTIMS] as const

const folder = temporaryFolder()
const data = join(folder.path, 'data')
const images = join(folder.path, 'squares')
const temporary = join(folder.path, 'tmp')
const pids = new Set<number>()

let shell: Shell
let engine: EngineApi

async function start(): Promise<void> {
  shell = await startShell([images, '--folder', folder.path], {
    NORMSCOPE_DATA: data,
    TMPDIR: temporary,
    XDG_CACHE_HOME: join(folder.path, 'cache')
  })
  pids.add(shell.pid)
  engine = await shell.connect()
}

let browser: Browser | undefined
let page: Page | undefined

const withImages = (window: Page): Promise<void> =>
  window.getByText('12,000 train, 300 test').waitFor()

/** The window of the present shell. */
async function shown(): Promise<Page> {
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
  const window = await shown()
  if (how === 'reload') await window.reload()
  else {
    const crashed = window.waitForEvent('crash')
    await window.goto('chrome://crash').catch(() => undefined)
    await crashed
    await window.close()
    page = undefined
  }
  await withImages(await shown())
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
async function kill(victim: (typeof VICTIMS)[number]): Promise<void> {
  if (victim === 'reload' || victim === 'crash') return lose(victim)
  const { enginePid, trainerPids } = valueOf(await engine.status({}))
  for (const pid of [enginePid, ...trainerPids]) pids.add(pid)
  const pid = { trainer: trainerPids[0], engine: enginePid, shell: shell.pid }[victim]
  if (pid === undefined) return
  process.kill(pid, 'SIGKILL')
  if (victim === 'trainer') {
    // else its run would be taken for one that goes on, and be lost twice at once
    await eventually('that its end is noticed', async () =>
      valueOf(await engine.status({})).trainerPids.includes(pid) ? undefined : true
    )
    return
  }
  if (victim === 'shell') {
    await eventually('the end of its engine', () => !isRunning(enginePid) || undefined)
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

describe.skipIf(!BUILT || process.platform !== 'linux')('Normscope under kill -9', () => {
  beforeAll(async () => {
    writeSmallImages(images, 12_000, 300)
    mkdirSync(temporary, { recursive: true })
    await start()
  })
  afterAll(async () => {
    await browser?.close()
    shell.host.kill('SIGKILL')
    folder.remove()
  })

  it(
    `of trainers, engine, window and shell, ${KILLS} times at random moments, loses no run and no weight (seed ${SEED})`,
    { timeout: 60_000 + KILLS * 20_000 },
    async () => {
      const random = createRandom(SEED, 'kills')
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
        await kill(VICTIMS[random.integer(VICTIMS.length)]!)
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

      for (const file of filesIn(data)) {
        const text = readFileSync(file, 'utf8')
        if (file.endsWith('.jsonl')) {
          expect(text.endsWith('\n'), file).toBe(true)
          for (const line of text.split('\n').slice(0, -1)) JSON.parse(line)
          if (file.includes('/runs/')) await RUN_FORM.readers['.jsonl']!(text)
        } else if (file.endsWith('.json')) JSON.parse(text)
        else expect(file).toMatch(/\/weights\/[\w-]+\.float32$/)
      }
      expect(filesIn(temporary)).toEqual([])
    }
  )
})
