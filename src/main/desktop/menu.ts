import { app, Menu } from 'electron'
import type { BrowserWindow, MenuItemConstructorOptions } from 'electron'
import type { WindowCommand } from '../../contract/bridge'

/** The native menu; its commands are carried out by the window. */
export function installMenu(window: BrowserWindow): void {
  const item = (
    label: string,
    command: WindowCommand,
    accelerator?: string
  ): MenuItemConstructorOptions => ({
    label,
    accelerator,
    click: () => window.webContents.send('command', command)
  })
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const template: MenuItemConstructorOptions[] = [
    {
      label: '&File',
      submenu: [
        item('Open file…', 'open-file', 'CmdOrCtrl+O'),
        item('Open folder…', 'open-folder', 'CmdOrCtrl+Shift+O'),
        separator,
        { role: 'quit' }
      ]
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        item('Images', 'view-images', 'CmdOrCtrl+1'),
        item('Pixels', 'view-pixels', 'CmdOrCtrl+2'),
        item('Activations', 'view-activations', 'CmdOrCtrl+3'),
        item('Training', 'view-training', 'CmdOrCtrl+4'),
        separator,
        item('Side bar', 'toggle-rail', 'CmdOrCtrl+B'),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : ([{ role: 'toggleDevTools' }] as const))
      ]
    },
    { label: '&Run', submenu: [item('Train', 'train', 'CmdOrCtrl+Enter')] },
    { role: 'help', submenu: [item('About Normscope', 'about')] }
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
