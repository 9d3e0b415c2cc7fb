import { app, BrowserWindow, nativeTheme, screen, session } from 'electron'
import type { WebContents } from 'electron'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sync as writeFileAtomic } from 'write-file-atomic'
import { version } from '../../../package.json'
import { BackOff } from '../shell/back-off'
import { WINDOW_ORIGIN } from './origin'

interface Bounds {
  readonly x?: number
  readonly y?: number
  readonly width: number
  readonly height: number
  readonly maximised?: boolean
}

const FIRST: Bounds = { width: 1280, height: 800 }
const GROUND = { light: '#FBFBFA', dark: '#151618' }

/** The one window: sandboxed, isolated, and unable to go anywhere else. */
export function createWindow(preload: string): BrowserWindow {
  // Chromium fetches a dictionary from Google for each language that it checks the spelling of.
  session.defaultSession.setSpellCheckerLanguages([])
  refusePermissions()
  const kept = readBounds()
  const window = new BrowserWindow({
    ...kept,
    minWidth: 1024,
    minHeight: 680,
    show: false,
    title: 'Normscope',
    backgroundColor: nativeTheme.shouldUseDarkColors ? GROUND.dark : GROUND.light,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      additionalArguments: [`--normscope-version=${version}`]
    }
  })
  if (kept.maximised) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => keepBounds(window))
  loadAgain(window)
  void window.loadURL(`${WINDOW_ORIGIN}/`)
  return window
}

/** A page whose process is lost is loaded again; the engine goes on meanwhile. */
function loadAgain(window: BrowserWindow): void {
  const backOff = new BackOff(Date.now)
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return
    const wait = backOff.next()
    console.error(`normscope: The window's process was lost (${reason}); it is loaded again.`)
    setTimeout(() => {
      if (!window.isDestroyed()) window.webContents.reload()
    }, wait)
  })
}

function refusePermissions(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) =>
    answer(false)
  )
  session.defaultSession.setPermissionCheckHandler(() => false)
}

/** Whatever shows a page opens no window, goes to no other page, and holds none in it. */
export function confine(webContents: WebContents): void {
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
  for (const event of ['will-navigate', 'will-redirect'] as const) {
    webContents.on(event as 'will-navigate', (details) => details.preventDefault())
  }
  webContents.on('will-attach-webview', (event) => event.preventDefault())
}

const boundsFile = (): string => join(app.getPath('userData'), 'window.json')

/** The bounds of the last time, unless that screen is gone. */
function readBounds(): Bounds {
  try {
    const kept = JSON.parse(readFileSync(boundsFile(), 'utf8')) as Bounds
    const { x = 0, y = 0, width, height } = kept
    const seen = screen.getAllDisplays().some(({ workArea: area }) => {
      const across = Math.min(x + width, area.x + area.width) - Math.max(x, area.x)
      const down = Math.min(y + height, area.y + area.height) - Math.max(y, area.y)
      return across > 200 && down > 100
    })
    return seen ? kept : FIRST
  } catch {
    return FIRST
  }
}

function keepBounds(window: BrowserWindow): void {
  try {
    const bounds = { ...window.getNormalBounds(), maximised: window.isMaximized() }
    writeFileAtomic(boundsFile(), JSON.stringify(bounds))
  } catch (thrown) {
    console.error(`normscope: The place of the window could not be kept: ${String(thrown)}`)
  }
}
