import type { ImageInspection } from '../../../contract/engine'
import type { Dataset } from '../../../core/dataset/dataset'
import { grouped } from '../../../core/numbers'
import { panelPng } from './panel-picture'
import { valuesCsv } from './pixel-values'
import type { Panel } from './pixel-values'

/** An inspected image with the data set that it is of. */
export interface Inspected {
  readonly dataset: Dataset
  readonly inspection: ImageInspection
}

export interface NamedFile {
  readonly name: string
  readonly bytes: Uint8Array
}

const nameOf = ({ inspection }: Inspected): string =>
  `image-${inspection.index}-${inspection.split}`

/** The pictures side by side, in the colours of the window. */
export async function panelsPng(shown: Inspected, panels: readonly Panel[]): Promise<NamedFile> {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string): string => style.getPropertyValue(name).trim()
  const { index, split, label } = shown.inspection
  const { name, classNames, height, width, channels } = shown.dataset
  const bytes = await panelPng({
    panels,
    height,
    width,
    channels,
    title: `Image ${grouped(index)}, ${split}, ${label === undefined ? 'no label' : `class ${classNames[label] ?? label}`}`,
    subtitle: `${name}; each picture from black to white over the range of the whole training split`,
    look: {
      surface: token('--surface'),
      ink: token('--ink'),
      second: token('--ink-2'),
      font: token('--font'),
      choice: (id) => token(`--choice-${id}`)
    }
  })
  return { name: `${nameOf(shown)}.png`, bytes }
}

/** Every value of the pictures. */
export function panelsCsv(shown: Inspected, panels: readonly Panel[]): NamedFile {
  const { height, width, channels } = shown.dataset
  const bytes = new TextEncoder().encode(valuesCsv(panels, height, width, channels))
  return { name: `${nameOf(shown)}.csv`, bytes }
}
