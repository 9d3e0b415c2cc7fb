import { clipboard, ClipboardItem, dialog, ipcMain } from 'electron'
import type { BrowserWindow, IpcMainEvent, IpcMainInvokeEvent } from 'electron'
import { Blob } from 'node:buffer'
import { extname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { CHANNELS } from '../../contract/bridge'
import { NormscopeError, resultOf } from '../../core/error'
import type { EngineProcess } from './engine-process'
import { WINDOW_ORIGIN } from './scheme'

/** Answers what the preload script asks for; whoever is not our window is refused. */
export function answerWindow(window: BrowserWindow, engine: EngineProcess): void {
  const ours = ({ senderFrame, sender }: IpcMainEvent | IpcMainInvokeEvent): boolean =>
    sender === window.webContents &&
    senderFrame === window.webContents.mainFrame &&
    senderFrame.url.startsWith(`${WINDOW_ORIGIN}/`)

  const handle = (channel: string, answer: (argument: unknown) => unknown): void =>
    ipcMain.handle(channel, (event, argument: unknown) => {
      if (!ours(event)) throw new Error('refused')
      return answer(argument)
    })

  ipcMain.on(CHANNELS.requestEngine, (event) => {
    if (ours(event)) engine.connect()
  })
  handle(CHANNELS.chooseDataset, async (kind) => {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title: kind === 'folder' ? 'Open a folder of images' : 'Open a data set',
      properties: [kind === 'folder' ? 'openDirectory' : 'openFile']
    })
    return canceled ? undefined : filePaths[0]
  })
  handle(CHANNELS.saveFile, (request) =>
    resultOf(async () => {
      const { suggestedName, bytes } = checkedSave(request)
      const extension = extname(suggestedName).slice(1)
      const { canceled, filePath } = await dialog.showSaveDialog(window, {
        defaultPath: suggestedName,
        filters: [{ name: extension.toUpperCase(), extensions: [extension] }]
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

function checkedSave(request: unknown): { suggestedName: string; bytes: Uint8Array } {
  const { suggestedName, bytes } = (request ?? {}) as Record<string, unknown>
  const named = typeof suggestedName === 'string' && /^[\w.,() -]{1,120}$/.test(suggestedName)
  if (named && bytes instanceof Uint8Array) return { suggestedName, bytes }
  throw new NormscopeError({
    code: 'invalid-argument',
    message: 'A file to save needs a plain name and its bytes.'
  })
}
