import type { ElectronApplication } from 'playwright'
import type { EngineApi } from '../../src/contract/engine'
import { valueOf } from '../../src/core/error'
import { eventually, launched, PROJECT } from './project'

/** The desktop app and a client of its engine in its window's page. */
export interface DesktopShell {
  readonly pid: number
  /** An engine that has opened its images; rejects while there is none. */
  connected(): Promise<EngineApi>
  /** the same, waited for */
  connect(): Promise<EngineApi>
  /** as its last window is closed; settles when it has ended */
  stop(): Promise<void>
  /** in the page, which Playwright's own handle does not outlive; rejects where it does not answer */
  inWindow(script: string): Promise<unknown>
  /** of the page that is shown */
  windowPid(): Promise<number>
  reload(): Promise<void>
  /** what the page has stored is on the way to the disk */
  keep(): Promise<void>
}

/** Milliseconds after which a call that a page or an engine took with it is given up. */
const ANSWER_MS = 10_000

/**
 * Asks main for a port to the engine, as the window's own line has one, and calls over it; the page's own
 * listener does not hear of this port.
 */
const LINE = `new Promise((resolve) => {
  const taken = (event) => {
    if (event.data?.type !== 'normscope-engine-port') return
    event.stopImmediatePropagation()
    removeEventListener('message', taken, true)
    const [port] = event.ports
    const waiting = new Map()
    let asked = 0
    port.onmessage = ({ data }) => {
      if (data.t === 's') waiting.get(data.i)?.(data)
    }
    window.askEngine = (m, input) =>
      new Promise((answer, fail) => {
        const i = 'test ' + asked++
        const late = setTimeout(() => fail(new Error(m + ' was not answered')), ${ANSWER_MS})
        waiting.set(i, ({ r, e }) => {
          clearTimeout(late)
          waiting.delete(i)
          if (e) fail(e)
          else answer(r)
        })
        port.postMessage({ t: 'q', i, m, a: [input] })
      })
    resolve()
  }
  addEventListener('message', taken, true)
  normscope.requestEngine()
})`

/** @param words paths to open; none for what was open last */
export async function startDesktop(
  words: readonly string[],
  user: string,
  env: Record<string, string>
): Promise<DesktopShell> {
  const app: ElectronApplication = await launched({
    executablePath: process.env.NORMSCOPE_ELECTRON,
    args: ['--no-sandbox', `--user-data-dir=${user}`, PROJECT, ...words],
    env: { ...(process.env as Record<string, string>), ...env }
  })
  await app.firstWindow()
  const inWindow = (script: string): Promise<unknown> =>
    app.evaluate(
      ({ BrowserWindow }, [code, most]) =>
        new Promise((resolve, reject) => {
          // a page that is loaded anew takes the answer with it, and Electron waits for it for good
          setTimeout(() => reject(new Error('The page did not answer.')), most)
          BrowserWindow.getAllWindows()[0]!
            .webContents.executeJavaScript(code)
            .then(resolve, reject)
        }),
      [script, ANSWER_MS] as const
    )
  const connected = async (): Promise<EngineApi> => {
    await inWindow(LINE)
    const api = new Proxy({} as EngineApi, {
      get: (_, method: string) =>
        // a promise is told from what has a then
        method === 'then'
          ? undefined
          : (input: unknown) =>
              inWindow(`askEngine(${JSON.stringify(method)}, ${JSON.stringify(input)})`)
    })
    if (!valueOf(await api.dataset({}))) throw new Error('The images are not yet open.')
    return api
  }
  return {
    ...{ pid: app.process().pid!, inWindow, connected },
    connect: () => eventually('the engine', () => connected().catch(() => undefined)),
    stop: () => app.close(),
    windowPid: () =>
      app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]!.webContents.getOSProcessId()
      ),
    keep: () => app.evaluate(({ session }) => session.defaultSession.flushStorageData()),
    reload: () =>
      app.evaluate(
        ({ BrowserWindow }) =>
          new Promise<void>((resolve) => {
            const { webContents } = BrowserWindow.getAllWindows()[0]!
            webContents.once('did-finish-load', () => resolve())
            webContents.reload()
          })
      )
  }
}
