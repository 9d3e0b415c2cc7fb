import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { compile } from 'svelte/compiler'
import { describe, expect, it } from 'vitest'
import { commandsOf } from '../../src/contract/commands'
import type { Command } from '../../src/contract/commands'
import { VIEWS } from '../../src/contract/views'
import type { ViewRecord } from '../../src/contract/views'
import { menuTemplate } from '../../src/main/desktop/menu-template'

const text = readFileSync(resolve(import.meta.dirname, '../../CONTRIBUTING.md'), 'utf8')
const section = text.split(/^## /m).find((part) => part.startsWith('A view')) ?? ''
const example = (language: string): string =>
  new RegExp('```' + language + '\\n([\\s\\S]*?)```').exec(section)?.[1] ?? ''

describe('a view that is added', () => {
  const line = example('ts').replace(/^const \w+ = /, '')
  const record = new Function(`return (${line})`)() as ViewRecord<string>
  const commands = commandsOf([...VIEWS, record])

  it('has its command, with the next key, which the palette and the window read', () => {
    expect(commands.find(({ id }) => id === 'view-runs')).toEqual({
      ...{ id: 'view-runs', title: 'Show Runs', keys: ['Mod+6'] },
      menu: 'view'
    })
  })

  it('is in the native menu, after the others', () => {
    const sent: string[] = []
    const template = menuTemplate({
      ...{ platform: 'linux', packaged: true, send: (id) => sent.push(id) },
      commands: commands as readonly Command[]
    })
    const view = template.find(({ label }) => label === '&View')?.submenu
    if (!Array.isArray(view)) throw new Error('no menu View')
    const item = view[VIEWS.length]!
    expect(item).toMatchObject({ label: 'Show Runs', accelerator: 'CmdOrCtrl+6' })
    ;(item.click as () => void)()
    expect(sent).toEqual(['view-runs'])
  })

  it('is a component that compiles without a warning', () => {
    const { js, warnings } = compile(example('svelte'), { filename: 'RunsView.svelte' })
    expect(warnings).toEqual([])
    expect(js.code).toContain('export default function RunsView')
  })

  it('has an icon that there is', () => {
    const [, icon = ''] = /from '(.+)'/.exec(example('js')) ?? []
    expect(import.meta.resolve(icon)).toMatch(/list\.js$/)
  })
})
