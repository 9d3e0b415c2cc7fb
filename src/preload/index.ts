import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { CHANNELS } from '../contract/bridge'
import type { DesktopBridge } from '../contract/bridge'
import type { CommandId } from '../contract/commands'

ipcRenderer.on(CHANNELS.enginePort, (event) => {
  window.postMessage({ type: CHANNELS.enginePort }, location.origin, event.ports)
})

function listen<T>(channel: string, listener: (value: T) => void): () => void {
  const heard = (_: unknown, value: T): void => listener(value)
  ipcRenderer.on(channel, heard)
  return () => ipcRenderer.removeListener(channel, heard)
}

const versionOf = (name: string): string =>
  process.argv.find((word) => word.startsWith(`--${name}=`))?.split('=')[1] ?? ''

const bridge: DesktopBridge = {
  requestEngine: () => ipcRenderer.send(CHANNELS.requestEngine),
  saveFile: (request) => ipcRenderer.invoke(CHANNELS.saveFile, request),
  choosePaths: (kind) => ipcRenderer.invoke(CHANNELS.choosePaths, kind),
  pathOfFile: (file) => webUtils.getPathForFile(file),
  copyText: (text) => ipcRenderer.invoke(CHANNELS.copyText, text),
  copyImage: (png) => ipcRenderer.invoke(CHANNELS.copyImage, png),
  onCommand: (listener) => listen<CommandId>(CHANNELS.command, listener),
  onEngineLost: (listener) => listen<string>(CHANNELS.engineLost, listener),
  versions: {
    normscope: versionOf('normscope-version'),
    electron: process.versions.electron ?? '',
    chrome: process.versions.chrome ?? '',
    node: process.versions.node ?? ''
  }
}

contextBridge.exposeInMainWorld('normscope', bridge)
