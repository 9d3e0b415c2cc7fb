import type { MenuItemConstructorOptions } from 'electron'
import type { WindowCommand } from '../../contract/bridge'

export interface MenuSetting {
  readonly platform: NodeJS.Platform
  /** a build for people, without developer tools */
  readonly packaged: boolean
  /** asks the window to carry a command out */
  send(command: WindowCommand): void
}

const SEPARATOR: MenuItemConstructorOptions = { type: 'separator' }

/** The native menu as plain data; macOS has its application and window menus, others quit in File. */
export function menuTemplate({
  platform,
  packaged,
  send
}: MenuSetting): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin'
  const item = (
    label: string,
    command: WindowCommand,
    accelerator?: string
  ): MenuItemConstructorOptions => ({ label, accelerator, click: () => send(command) })
  const about = item('About Normscope', 'about')
  const application: MenuItemConstructorOptions = {
    label: 'Normscope',
    submenu: [
      about,
      SEPARATOR,
      { role: 'services' },
      SEPARATOR,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      SEPARATOR,
      { role: 'quit' }
    ]
  }
  return [
    ...(mac ? [application] : []),
    {
      label: '&File',
      submenu: [
        item('Open file…', 'open-file', 'CmdOrCtrl+O'),
        item('Open folder…', 'open-folder', 'CmdOrCtrl+Shift+O'),
        SEPARATOR,
        { role: mac ? 'close' : 'quit' }
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
        SEPARATOR,
        item('Side bar', 'toggle-rail', 'CmdOrCtrl+B'),
        SEPARATOR,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(packaged ? [] : [{ role: 'toggleDevTools' } as const])
      ]
    },
    { label: '&Run', submenu: [item('Train', 'train', 'CmdOrCtrl+Enter')] },
    ...(mac ? [{ role: 'windowMenu' } as const] : []),
    // macOS has About in its application menu, and a search field of its own in Help
    { role: 'help', submenu: mac ? [] : [about] }
  ]
}
