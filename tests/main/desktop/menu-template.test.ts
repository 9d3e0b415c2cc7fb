import { describe, expect, it } from 'vitest'
import { menuTemplate } from '../../../src/main/desktop/menu-template'

type Template = ReturnType<typeof menuTemplate>

const menuOf = (platform: NodeJS.Platform, sent: string[] = [], packaged = true): Template =>
  menuTemplate({ platform, packaged, send: (command) => sent.push(command) })

const named = ({ label, role }: Template[number]): string => role ?? label ?? 'separator'
const titles = (template: Template): string[] => template.map(named)

function itemsOf(template: Template, title: string): Template {
  const found = template.find((menu) => named(menu) === title)?.submenu
  if (Array.isArray(found)) return found
  throw new Error(`no menu ${title}`)
}

/** Every item of every menu. */
const all = (template: Template): Template =>
  template.flatMap((menu) => (Array.isArray(menu.submenu) ? menu.submenu : []))

describe('the menu on macOS', () => {
  const menu = menuOf('darwin')

  it('begins with the menu of the application and has one of windows', () => {
    expect(titles(menu)).toEqual([
      'Normscope',
      '&File',
      'editMenu',
      '&View',
      '&Run',
      'windowMenu',
      'help'
    ])
  })

  it('has about, services, hide and quit where macOS has them', () => {
    expect(
      itemsOf(menu, 'Normscope')
        .map(named)
        .filter((title) => title !== 'separator')
    ).toEqual(['About Normscope', 'services', 'hide', 'hideOthers', 'unhide', 'quit'])
    expect(itemsOf(menu, '&File').map(named)).not.toContain('quit')
    expect(itemsOf(menu, '&File').map(named)).toContain('close')
  })
})

describe.each(['linux', 'win32'] as const)('the menu on %s', (platform) => {
  const menu = menuOf(platform)

  it('has neither of them: quit is in File, about in Help', () => {
    expect(titles(menu)).toEqual(['&File', 'editMenu', '&View', '&Run', 'help'])
    expect(itemsOf(menu, '&File').map(named)).toContain('quit')
    expect(itemsOf(menu, 'help').map(named)).toEqual(['About Normscope'])
  })
})

describe.each(['darwin', 'linux', 'win32'] as const)('on %s', (platform) => {
  it('every command is reached once, and no key twice', () => {
    const sent: string[] = []
    const items = all(menuOf(platform, sent))
    for (const { click } of items) (click as (() => void) | undefined)?.()
    expect(sent.sort()).toEqual([
      'about',
      'cluster',
      'open-file',
      'open-folder',
      'open-study',
      'save-report',
      'save-study',
      'toggle-rail',
      'train',
      'view-activations',
      'view-images',
      'view-pixels',
      'view-training',
      'view-why'
    ])
    const keys = items.flatMap(({ accelerator }) => accelerator ?? [])
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('developer tools are in no build for people', () => {
    expect(all(menuOf(platform)).map(named)).not.toContain('toggleDevTools')
    expect(all(menuOf(platform, [], false)).map(named)).toContain('toggleDevTools')
  })
})
