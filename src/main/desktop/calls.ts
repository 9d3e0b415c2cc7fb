import { clipboard, ClipboardItem, dialog, ipcMain } from 'electron'
import type { BrowserWindow, FileFilter, IpcMainEvent, IpcMainInvokeEvent } from 'electron'
import { Blob } from 'node:buffer'
import { extname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { CHANNELS } from '../../contract/bridge'
import { NormscopeError, resultOf } from '../../core/error'
import { isPlainFileName } from '../../core/file-name'
import { REPORT_EXTENSION, STUDY_EXTENSION } from '../../core/study/study-path'
import type { EngineProcess } from './engine-process'
import { isOwnPage } from './sender'

/** Answers what the preload script asks for; whoever is not our window is refused. */
export function answerWindow(window: BrowserWindow, engine: EngineProcess): void {
  const ours = (event: IpcMainInvokeEvent | IpcMainEvent): boolean =>
    isOwnPage(event, window.webContents)
  const handle = (channel: string, answer: (argument: unknown) => unknown): void =>
    ipcMain.handle(channel, (event, argument: unknown) => {
      if (!ours(event)) throw new Error('refused')
      return answer(argument)
    })

  ipcMain.on(CHANNELS.requestEngine, (event) => {
    if (ours(event)) engine.connect(window)
  })
  handle(CHANNELS.choosePaths, async (kind) => {
    // what it offers knows every format, which the start of the app need not load
    const { dialogFor } = await import('./open-dialogs')
    const { canceled, filePaths } = await dialog.showOpenDialog(window, dialogFor(kind))
    return canceled ? [] : filePaths
  })
  handle(CHANNELS.saveFile, (request) =>
    resultOf(async () => {
      const { suggestedName, bytes } = checkedSave(request)
      const extension = extname(suggestedName).slice(1)
      const { canceled, filePath } = await dialog.showSaveDialog(window, {
        defaultPath: suggestedName,
        filters: [filterFor(extension)]
      })
      if (canceled || !filePath) return undefined
      await writeFileAtomic(filePath, Buffer.from(bytes)).catch((thrown: Error) => {
        throw new NormscopeError({
          code: 'cannot-save',
          message: `${filePath} could not be written: ${thrown.message}. Choose another folder.`,
          path: filePath
        })
      })
      return filePath
    })
  )
  handle(CHANNELS.copyText, (text) =>
    resultOf(() => {
      if (typeof text !== 'string') {
        throw new NormscopeError({ code: 'invalid-argument', message: 'There is no text to copy.' })
      }
      clipboard.writeText(text)
    })
  )
  handle(CHANNELS.copyImage, (png) =>
    resultOf(async () => {
      if (!(png instanceof Uint8Array)) {
        throw new NormscopeError({
          code: 'invalid-argument',
          message: 'A picture to copy needs its bytes.'
        })
      }
      const picture = new Blob([Uint8Array.from(png)], { type: 'image/png' })
      await clipboard.write([new ClipboardItem({ 'image/png': picture as never })])
    })
  )
}

const FILE_NAMES: Readonly<Record<string, string>> = {
  [STUDY_EXTENSION]: 'Normscope study',
  [REPORT_EXTENSION]: 'Normscope report'
}

function filterFor(extension: string): FileFilter {
  return { name: FILE_NAMES[extension] ?? extension.toUpperCase(), extensions: [extension] }
}

function checkedSave(request: unknown): { suggestedName: string; bytes: Uint8Array } {
  const { suggestedName, bytes } = (request ?? {}) as Record<string, unknown>
  const named = typeof suggestedName === 'string' && isPlainFileName(suggestedName)
  if (named && bytes instanceof Uint8Array) return { suggestedName, bytes }
  throw new NormscopeError({
    code: 'invalid-argument',
    message: 'A file to save needs a plain name and its bytes.'
  })
}
