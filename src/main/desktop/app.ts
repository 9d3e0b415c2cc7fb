import { app, BrowserWindow } from 'electron'
import { resolve } from 'node:path'
import { answerWindow } from './calls'
import { EngineProcess } from './engine-process'
import { installMenu } from './menu'
import { registerScheme, serveWindowFiles } from './scheme'
import { createWindow } from './window'

/** Data sets that are no paths. */
const NAMED_DATASETS: readonly string[] = ['fashion-mnist', 'generated']

export interface DesktopFolders {
  /** engine.cjs, trainer.cjs */
  readonly programFolder: string
  /** index.html and its assets */
  readonly windowFolder: string
  readonly preload: string
}

/** The desktop shell: one window, the engine beside it, everything else refused. */
export function startDesktop(folders: DesktopFolders): void {
  registerScheme()
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  let engine: EngineProcess | undefined
  app.on('second-instance', (_, words, folder) => {
    const [window] = BrowserWindow.getAllWindows()
    if (window?.isMinimized()) window.restore()
    window?.focus()
    const path = pathIn(words, folder)
    if (path) engine?.open(path)
  })
  app.on('window-all-closed', () => app.quit())
  app.on('before-quit', () => engine?.close())
  void app.whenReady().then(() => {
    serveWindowFiles(folders.windowFolder)
    const window = createWindow(folders.preload)
    engine = new EngineProcess(folders.programFolder, window, pathIn(process.argv, process.cwd()))
    answerWindow(window, engine)
    installMenu(window)
  })
}

/** The data set named on the command line: the first word after the program that is no switch. */
function pathIn(words: readonly string[], folder: string): string | undefined {
  const given = words.slice(app.isPackaged ? 1 : 2).find((word) => !word.startsWith('-'))
  return given && !NAMED_DATASETS.includes(given) ? resolve(folder, given) : given
}
