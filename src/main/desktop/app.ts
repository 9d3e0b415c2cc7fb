import { app, BrowserWindow } from 'electron'
import { answerWindow } from './calls'
import { EngineProcess } from './engine-process'
import type { NamedPaths } from './engine-process'
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
  const named = pathsIn(process.argv, process.cwd())
  if (!app.requestSingleInstanceLock({ named } satisfies FirstInstance)) {
    // the first one shows itself, and opens what this one was given
    app.quit()
    return
  }
  app.on('web-contents-created', (_event, contents) => confine(contents))
  let engine: EngineProcess | undefined
  let asked = named
  app.on('second-instance', (_event, _words, _folder, second) => {
    const [window] = BrowserWindow.getAllWindows()
    if (window?.isMinimized()) window.restore()
    window?.show()
    window?.focus()
    const given = (second as FirstInstance | undefined)?.named
    if (engine && given) engine.open(given)
    else asked = given ?? asked
  })
  // macOS: a double click, or a file dropped on the icon, may come before the window
  app.on('open-file', (event, file) => {
    event.preventDefault()
    if (engine) engine.open({ paths: [file] })
    else asked = { paths: [file] }
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
    engine = new EngineProcess(folders.programFolder, asked)
    const window = createWindow(folders.preload)
    answerWindow(window, engine)
    installMenu(window)
  })
}

/** What a second instance tells the first. */
interface FirstInstance {
  /** data set or study to open */
  readonly named?: NamedPaths
}

/**
 * The files named on the command line: the words that are no switches, after the program and, where
 * Electron runs a folder, after that.
 */
function pathsIn(words: readonly string[], folder: string): NamedPaths | undefined {
  const plain = words.slice(1).filter((word) => !word.startsWith('-'))
  const paths = plain.slice(app.isPackaged ? 0 : 1)
  return paths.length === 0 ? undefined : { paths, folder }
}
