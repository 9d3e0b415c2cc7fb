import { app, Menu } from 'electron'
import type { BrowserWindow } from 'electron'
import { CHANNELS } from '../../contract/bridge'
import { menuTemplate } from './menu-template'

/** The native menu; its commands are carried out by the window. */
export function installMenu(window: BrowserWindow): void {
  const template = menuTemplate({
    platform: process.platform,
    packaged: app.isPackaged,
    send: (command) => window.webContents.send(CHANNELS.command, command)
  })
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
