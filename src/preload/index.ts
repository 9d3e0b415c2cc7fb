import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { DesktopBridge, WindowCommand } from '../contract/bridge'

/** Type of the window message that brings a port; the same word as in contract/bridge. */
const ENGINE_PORT = 'normscope-engine-port'

ipcRenderer.on('engine-port', (event) => {
  window.postMessage({ type: ENGINE_PORT }, location.origin, event.ports)
})

function listen<T>(channel: string, listener: (value: T) => void): () => void {
  const heard = (_: unknown, value: T): void => listener(value)
  ipcRenderer.on(channel, heard)
  return () => ipcRenderer.removeListener(channel, heard)
}

const versionOf = (name: string): string =>
  process.argv.find((word) => word.startsWith(`--${name}=`))?.split('=')[1] ?? ''

const bridge: DesktopBridge = {
  requestEngine: () => ipcRenderer.send('request-engine'),
  saveFile: (request) => ipcRenderer.invoke('save-file', request),
  chooseDataset: (kind) => ipcRenderer.invoke('choose-dataset', kind),
  pathOfFile: (file) => webUtils.getPathForFile(file),
  copyImage: (png) => ipcRenderer.invoke('copy-image', png),
  onCommand: (listener) => listen<WindowCommand>('command', listener),
  onEngineLost: (listener) => listen<string>('engine-lost', listener),
  versions: {
    normscope: versionOf('normscope-version'),
    electron: process.versions.electron ?? '',
    chrome: process.versions.chrome ?? '',
    node: process.versions.node ?? ''
  }
}

contextBridge.exposeInMainWorld('normscope', bridge)
