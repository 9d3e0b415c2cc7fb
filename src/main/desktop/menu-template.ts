import type { MenuItemConstructorOptions } from 'electron'
import { COMMANDS } from '../../contract/commands'
import type { Command } from '../../contract/commands'

interface MenuSetting {
  readonly platform: NodeJS.Platform
  /** a build for people, without developer tools */
  readonly packaged: boolean
  /** asks the window to carry a command out */
  send(command: Command['id']): void
  /** those that have a place in it are listed there */
  readonly commands?: readonly Command[]
}

const SEPARATOR: MenuItemConstructorOptions = { type: 'separator' }

/** The native menu as plain data; macOS has its application and window menus, others quit in File. */
export function menuTemplate({
  platform,
  packaged,
  send,
  commands = COMMANDS
}: MenuSetting): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin'
  const itemsOf = (menu: Command['menu']): MenuItemConstructorOptions[] =>
    commands
      .filter((command) => command.menu === menu)
      .flatMap(({ id, title, keys, separated }) => [
        ...(separated ? [SEPARATOR] : []),
        {
          label: title,
          accelerator: keys?.[0]?.replace('Mod', 'CmdOrCtrl'),
          click: () => send(id)
        }
      ])
  const help = itemsOf('help')
  const application: MenuItemConstructorOptions = {
    label: 'Normscope',
    submenu: [
      ...help,
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
      submenu: [...itemsOf('file'), SEPARATOR, { role: mac ? 'close' : 'quit' }]
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        ...itemsOf('view'),
        SEPARATOR,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(packaged ? [] : [{ role: 'toggleDevTools' } as const])
      ]
    },
    { label: '&Run', submenu: itemsOf('run') },
    ...(mac ? [{ role: 'windowMenu' } as const] : []),
    // macOS has About in its application menu, and a search field of its own in Help
    { role: 'help', submenu: mac ? [] : help }
  ]
}
