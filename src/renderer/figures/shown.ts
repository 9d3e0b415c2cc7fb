import ClipboardCopy from '@lucide/svelte/icons/clipboard-copy'
import FileImage from '@lucide/svelte/icons/file-image'
import FileType from '@lucide/svelte/icons/file-type'
import Info from '@lucide/svelte/icons/info'
import Rows from '@lucide/svelte/icons/rows-3'
import Table from '@lucide/svelte/icons/table-2'
import { errorFacts } from '../../core/error'
import type { Figure, FigureSheet } from '../../core/figure/figure'
import type { MenuItem } from '../components/menu'
import type { ShownFigure } from '../state/figures.svelte'
import { copyPng, saveBytes } from '../state/save'
import type { Workbench } from '../state/workbench.svelte'
import { csvBytes } from './export'

interface Pictures {
  png(): Promise<Uint8Array>
  svg(): string
}

/** A figure or sheet on screen with what can be done to it; what happens is said. */
interface Shown extends ShownFigure {
  copy(): Promise<void>
}

export function shownFigure(
  { notices, bridge }: Pick<Workbench, 'notices' | 'bridge'>,
  figure: Figure | FigureSheet,
  { png, svg }: Pictures
): Shown {
  const attempt = async (work: () => Promise<string | undefined>): Promise<void> => {
    try {
      const said = await work()
      if (said !== undefined) notices.show('info', said)
    } catch (thrown) {
      notices.error(errorFacts(thrown))
    }
  }
  const save = (type: string, make: () => Uint8Array | Promise<Uint8Array>): Promise<void> =>
    attempt(async () => {
      const saved = await saveBytes(bridge, `${figure.id}.${type}`, await make())
      return saved && `Saved ${saved}`
    })
  return {
    figure,
    savePng: () => save('png', png),
    saveSvg: () => save('svg', () => new TextEncoder().encode(svg())),
    saveCsv: () => save('csv', () => csvBytes(figure)),
    copy: () =>
      attempt(async () => {
        await copyPng(bridge, await png())
        return 'Image copied'
      })
  }
}

/** The menu that every card of figures begins with. */
export function figureMenu(shown: Shown, open: (dialog: 'about' | 'numbers') => void): MenuItem[] {
  return [
    { label: 'Copy image', icon: ClipboardCopy, run: () => void shown.copy() },
    { label: 'Save PNG (2×)', icon: FileImage, run: () => void shown.savePng() },
    { label: 'Save SVG', icon: FileType, run: () => void shown.saveSvg() },
    { label: 'Save CSV', icon: Table, run: () => void shown.saveCsv() },
    { label: 'What is this?', icon: Info, separated: true, run: () => open('about') },
    { label: 'Numbers as a table', icon: Rows, run: () => open('numbers') }
  ]
}
