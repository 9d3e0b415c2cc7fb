import { clipboard, ClipboardItem, dialog, ipcMain } from 'electron'
import type {
  BrowserWindow,
  FileFilter,
  IpcMainEvent,
  IpcMainInvokeEvent,
  OpenDialogOptions
} from 'electron'
import { Blob } from 'node:buffer'
import { extname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { CHANNELS } from '../../contract/bridge'
import type { PathKind } from '../../contract/bridge'
import { NormscopeError, resultOf } from '../../core/error'
import { isPlainFileName } from '../../core/file-name'
import { FORMATS } from '../../core/format/formats'
import { dialogFilters } from '../../core/format/lists'
import { REPORT_EXTENSION, STUDY_EXTENSION } from '../../core/study/study'
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

const DIALOGS: Readonly<Record<PathKind, OpenDialogOptions>> = {
  files: {
    title: 'Open a data set',
    properties: ['openFile', 'multiSelections'],
    filters: dialogFilters(FORMATS)
  },
  labels: {
    title: 'Choose a labels file',
    properties: ['openFile'],
    filters: dialogFilters(FORMATS)
  },
  folders: { title: 'Open a folder of images', properties: ['openDirectory', 'multiSelections'] },
  study: {
    title: 'Open a study',
    properties: ['openFile'],
    filters: [
      { name: 'Normscope study or report', extensions: [STUDY_EXTENSION, REPORT_EXTENSION] }
    ]
  }
}

/** The page is not trusted to name a dialog that there is. */
function dialogFor(kind: unknown): OpenDialogOptions {
  return Object.hasOwn(DIALOGS, String(kind)) ? DIALOGS[kind as PathKind] : DIALOGS.files
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
