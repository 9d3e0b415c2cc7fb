import { app, BrowserWindow } from 'electron'
import { resolve } from 'node:path'
import { FORMATS } from '../../core/format/formats'
import { namedDatasets } from '../../core/format/lists'
import { answerWindow } from './calls'
import { EngineProcess } from './engine-process'
import { installMenu } from './menu'
import { registerScheme, serveWindowFiles } from './scheme'
import { confine, createWindow } from './window'

interface DesktopFolders {
  /** engine.cjs, trainer.cjs */
  readonly programFolder: string
  /** index.html and its assets */
  readonly windowFolder: string
  readonly preload: string
}

/** The desktop shell: one window, the engine beside it, everything else refused. */
export function startDesktop(folders: DesktopFolders): void {
  registerScheme()
  const named = pathIn(process.argv, process.cwd())
  if (!app.requestSingleInstanceLock({ path: named } satisfies FirstInstance)) {
    // the first one shows itself, and opens what this one was given
    app.quit()
    return
  }
  app.on('web-contents-created', (_event, contents) => confine(contents))
  let engine: EngineProcess | undefined
  let path = named
  app.on('second-instance', (_event, _words, _folder, second) => {
    const [window] = BrowserWindow.getAllWindows()
    if (window?.isMinimized()) window.restore()
    window?.show()
    window?.focus()
    const given = (second as FirstInstance | undefined)?.path
    if (engine && given) engine.open(given)
    else path = given ?? path
  })
  // macOS: a double click, or a file dropped on the icon, may come before the window
  app.on('open-file', (event, file) => {
    event.preventDefault()
    if (engine) engine.open(file)
    else path = file
  })
  app.on('window-all-closed', () => app.quit())
  app.on('will-quit', (event) => {
    if (!engine || engine.closed) return
    event.preventDefault()
    void engine.close().then(() => app.quit())
  })
  void app.whenReady().then(() => {
    serveWindowFiles(folders.windowFolder)
    // the engine opens the images while the window loads
    engine = new EngineProcess(folders.programFolder, path)
    const window = createWindow(folders.preload)
    answerWindow(window, engine)
    installMenu(window)
  })
}

/** What a second instance tells the first. */
interface FirstInstance {
  /** data set to open */
  readonly path?: string
}

/**
 * The data set named on the command line: the first word that is no switch, after the program and,
 * where Electron runs a folder, after that.
 */
function pathIn(words: readonly string[], folder: string): string | undefined {
  const [first, second] = words.slice(1).filter((word) => !word.startsWith('-'))
  const given = app.isPackaged ? first : second
  return given && !namedDatasets(FORMATS).includes(given) ? resolve(folder, given) : given
}
