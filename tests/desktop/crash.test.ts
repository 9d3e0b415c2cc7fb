import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ElectronApplication, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunRecord } from '../../src/core/study/run'
import { isRunning } from '../../src/main/processes/running'
import { writeSmallImages } from '../main/engine/small-images'
import {
  BUILT,
  DISPLAY,
  eventually,
  PROGRAM_FOLDER,
  PROJECT,
  servicesOf,
  temporaryFolder,
  launched
} from './project'

const executablePath = process.env.NORMSCOPE_ELECTRON
const folder = temporaryFolder()
const dataFolder = join(folder.path, 'data')
const images = join(folder.path, 'squares')

let app: ElectronApplication
let page: Page

const children = (): ReturnType<typeof servicesOf> => servicesOf(app.process().pid!)

/** What is kept of runs; written by the engine at every change. The last word on a run holds. */
function records(): RunRecord[] {
  const runs = join(dataFolder, 'runs')
  if (!existsSync(runs)) return []
  return readdirSync(runs)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => {
      const lines = readFileSync(join(runs, name), 'utf8').split('\n').slice(0, -1)
      const [last] = lines.filter((line) => line.startsWith('{"run":')).slice(-1)
      return last ? [(JSON.parse(last) as { run: RunRecord }).run] : []
    })
}

const ofStatus = (status: string): RunRecord[] => records().filter((run) => run.status === status)

describe.skipIf(!executablePath || !DISPLAY || !BUILT || process.platform !== 'linux')(
  'the desktop window',
  () => {
    beforeAll(async () => {
      writeSmallImages(images, 24_000, 600)
      await start([images])
    })

    /** Starts the app; without paths it opens what was open last. */
    async function start(paths: readonly string[]): Promise<void> {
      app = await launched({
        executablePath,
        args: ['--no-sandbox', `--user-data-dir=${join(folder.path, 'user')}`, PROJECT, ...paths],
        env: {
          ...(process.env as Record<string, string>),
          NORMSCOPE_DATA: dataFolder,
          XDG_CACHE_HOME: join(folder.path, 'cache')
        }
      })
      page = await app.firstWindow()
      await page.getByText('24,000 train, 600 test').waitFor()
    }

    afterAll(async () => {
      await app?.close()
      folder.remove()
    })

    it('has no Node in it and only the named verbs', async () => {
      const found = await page.evaluate(() => ({
        require: typeof (globalThis as { require?: unknown }).require,
        process: typeof (globalThis as { process?: unknown }).process,
        verbs: Object.keys((globalThis as unknown as { normscope: object }).normscope).sort()
      }))
      expect(found).toEqual({
        require: 'undefined',
        process: 'undefined',
        verbs: [
          'choosePaths',
          'copyImage',
          'copyText',
          'onCommand',
          'onEngineLost',
          'pathOfFile',
          'requestEngine',
          'saveFile',
          'versions'
        ]
      })
    })

    it('is sandboxed and isolated', async () => {
      const preferences = await app.evaluate(({ BrowserWindow }) => {
        const [window] = BrowserWindow.getAllWindows()
        return (
          window!.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
        ).getLastWebPreferences()
      })
      expect(preferences).toMatchObject({
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        webviewTag: false
      })
      expect(preferences.enableBlinkFeatures || '').toBe('')
      expect(new URL(page.url()).protocol).toBe('app:')
    })

    it('holds no other page, and any page that there were would be confined as it is', async () => {
      const refused = await app.evaluate(async ({ BrowserWindow }) => {
        const other = new BrowserWindow({ show: false })
        const found = BrowserWindow.getAllWindows().map(({ webContents }) =>
          ['will-attach-webview', 'will-navigate', 'will-redirect'].map((name) => {
            let prevented = false
            const event = { preventDefault: () => (prevented = true), url: 'https://example.org/' }
            webContents.emit(name, event, {}, {})
            return prevented
          })
        )
        other.destroy()
        return found
      })
      expect(refused).toEqual([
        [true, true, true],
        [true, true, true]
      ])
    })

    it('is the only page that main answers', async () => {
      const bridge = join(PROGRAM_FOLDER, '..', 'preload', 'index.cjs')
      const said = await app.evaluate(async ({ BrowserWindow }, preload) => {
        const other = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } })
        await other.loadURL('data:text/html,<title>other</title>')
        const asked = [
          'choosePaths("files")',
          'saveFile({})',
          'copyText("x")',
          'copyImage(null)'
        ].map((call) => `normscope.${call}.then(() => 'answered', ({ message }) => message)`)
        const answers = await other.webContents.executeJavaScript(`Promise.all([${asked.join()}])`)
        other.destroy()
        return answers as string[]
      }, bridge)
      expect(said).toHaveLength(4)
      for (const answer of said) expect(answer).toContain('refused')
    })

    it('runs no script that is not a file of its own, and reaches nothing outside', async () => {
      const tried = await page.evaluate(async () => {
        const violated: string[] = []
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
          violated.push(effectiveDirective)
        )
        const script = document.createElement('script')
        script.textContent = 'window.injected = true'
        document.head.append(script)
        const reached = await fetch('https://example.org/').then(
          () => true,
          () => false
        )
        const outside = await fetch('/..%2f..%2fpackage.json').then(({ status }) => status)
        const opened = window.open('https://example.org/') !== null
        const asked = await Notification.requestPermission()
        const had = await navigator.permissions.query({ name: 'geolocation' })
        const injected = 'injected' in window
        const permissions = [asked, had.state]
        return { violated: violated.sort(), reached, outside, opened, permissions, injected }
      })
      expect(tried).toEqual({
        violated: ['connect-src', 'script-src-elem'],
        reached: false,
        outside: 403,
        opened: false,
        permissions: ['denied', 'denied'],
        injected: false
      })
      expect(app.windows()).toHaveLength(1)
    })

    /** Runs of other settings: those that are there already would not be trained again. */
    async function setEpochs(count: number): Promise<void> {
      await page.getByRole('button', { name: 'Edit…' }).click()
      await page.getByLabel('Epochs', { exact: true }).fill(String(count))
      await page.getByRole('button', { name: 'Apply', exact: true }).click()
    }

    it('outlives kill -9 of the engine in the middle of training', async () => {
      await page.evaluate(() => Object.assign(window, { mark: 'the same page' }))
      const train = page.getByRole('button', { name: /^Train \d/ })
      await train.click()
      const finished = await eventually(
        'the first runs',
        () => {
          const ended = ofStatus('finished')
          return ended.length >= 3 ? ended : undefined
        },
        60_000
      )
      await setEpochs(8)
      await train.click()
      await eventually('a run under way', () => (ofStatus('running').length > 0 ? true : undefined))
      const [engine] = children().filter((child) => child.engine)
      const trainersBefore = children().filter((child) => !child.engine)
      const killedAt = Date.now()
      process.kill(engine!.pid, 'SIGKILL')

      const next = await eventually('a new engine', () =>
        children().find(({ pid, engine: isEngine }) => isEngine && pid !== engine!.pid)
      )
      expect(next.pid).not.toBe(engine!.pid)
      // it answers again: the window asks it for the images of the set it reopened
      await eventually('the lost run', () => records().find(({ lostAt }) => lostAt !== undefined))
      expect(Date.now() - killedAt).toBeLessThan(3000)
      await page.getByText('24,000 train, 600 test').waitFor()
      expect(await page.evaluate(() => (window as unknown as { mark: string }).mark)).toBe(
        'the same page'
      )

      const kept = new Map(records().map((run) => [run.id, run]))
      for (const { id, weightsSha256 } of finished) {
        expect(kept.get(id)).toMatchObject({ status: 'finished', weightsSha256 })
      }
      // trainers of the dead engine are not left behind
      await eventually('the end of its trainers', () => {
        const alive = children().map(({ pid }) => pid)
        return trainersBefore.some(({ pid }) => alive.includes(pid)) ? undefined : true
      })
    })

    it('trains again after that', async () => {
      await eventually('the end of what went on', () =>
        records().every(({ status }) => status !== 'running' && status !== 'queued')
          ? true
          : undefined
      )
      const before = ofStatus('finished').length
      await setEpochs(4)
      await page.getByRole('button', { name: /^Train \d/ }).click()
      await eventually('three more', () =>
        ofStatus('finished').length >= before + 3 ? true : undefined
      )
      await setEpochs(200)
    })

    it('goes to no other page', async () => {
      const before = page.url()
      // the shell's own listener comes first: what it refused is refused when this one hears of it
      const refused = app.evaluate(
        ({ BrowserWindow }) =>
          new Promise<boolean>((resolve) =>
            BrowserWindow.getAllWindows()[0]!.webContents.once('will-navigate', (event) =>
              resolve(event.defaultPrevented)
            )
          )
      )
      // a call that comes after it in the same line: the listener is there
      await app.evaluate(() => undefined)
      await page.evaluate(() => {
        location.href = 'https://example.org/'
      })
      expect(await refused).toBe(true)
      const shown = await app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]!.webContents.getURL()
      )
      expect(shown).toBe(before)
    })

    /** Without Playwright's page, which does not outlive its process. */
    const inWindow = (script: string): Promise<unknown> =>
      app.evaluate(
        ({ BrowserWindow }, code) =>
          BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript(code),
        script
      )
    const CLICK_TRAIN = `[...document.querySelectorAll('button')]
      .find(({ textContent }) => /^\\s*Train \\d/.test(textContent)).click()`

    it('whose process is lost is there again, and what trains goes on', async () => {
      await inWindow(CLICK_TRAIN)
      const [running] = await eventually('a run under way', () => {
        const found = ofStatus('running')
        return found.length > 0 ? found : undefined
      })
      const before = children().map(({ pid }) => pid)
      const loaded = app.evaluate(
        ({ BrowserWindow }) =>
          new Promise<void>((resolve) =>
            BrowserWindow.getAllWindows()[0]!.webContents.once('did-finish-load', () => resolve())
          )
      )
      await app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer()
      )
      await loaded
      await eventually('the images', async () =>
        String(await inWindow('document.body.innerText')).includes('24,000 train, 600 test')
          ? true
          : undefined
      )
      expect(children().map(({ pid }) => pid)).toEqual(before)
      const goesOn = records().find(({ id }) => id === running!.id)
      expect(['running', 'finished']).toContain(goesOn?.status)
      expect(goesOn?.lostAt).toBeUndefined()
    })

    it('killed whole in the middle of training has its data, settings and runs when it is started again', async () => {
      if (ofStatus('running').length === 0) await inWindow(CLICK_TRAIN)
      const [running] = await eventually('a run under way', () => {
        const found = ofStatus('running')
        return found.length > 0 ? found : undefined
      })
      const ended = new Map(ofStatus('finished').map((run) => [run.id, run.weightsSha256]))
      const before = children().map(({ pid }) => pid)
      process.kill(app.process().pid!, 'SIGKILL')
      await eventually('the end of its processes', () => !before.some(isRunning) || undefined)
      for (const name of readdirSync(dataFolder).filter((file) => file.endsWith('.json'))) {
        JSON.parse(readFileSync(join(dataFolder, name), 'utf8'))
      }

      await start([])
      expect(new Map(ofStatus('finished').map((run) => [run.id, run.weightsSha256]))).toEqual(ended)
      await page.getByRole('button', { name: 'Edit…' }).click()
      expect(await page.getByLabel('Epochs', { exact: true }).inputValue()).toBe('200')
      await page.keyboard.press('Escape')
      await eventually('its run, paused', () =>
        ofStatus('paused').some(({ id }) => id === running!.id) ? true : undefined
      )
      await page.getByRole('button', { name: 'Resume all' }).click()
      await eventually('the run under way again', () =>
        ofStatus('running').some(({ id }) => id === running!.id) ? true : undefined
      )
    })

    it('that is closed cancels what runs, and keeps it', async () => {
      const [running] = await eventually('a run under way', () => {
        const found = ofStatus('running')
        return found.length > 0 ? found : undefined
      })
      await app.close()
      expect(records().find(({ id }) => id === running!.id)?.status).toBe('cancelled')
      expect(ofStatus('running')).toEqual([])
    })
  }
)
