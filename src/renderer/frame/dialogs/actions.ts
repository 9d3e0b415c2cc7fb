import { CHOICES } from '../../../core/preprocessing/choices'
import type { Icon } from '../../components/menu'
import type { Workbench } from '../../state/workbench.svelte'
import { copyItems } from '../choice-code'
import { availableItems } from '../commands'
import { VIEW_ICONS } from '../../views/icons'

/** Something the palette can do. */
export interface Action {
  readonly label: string
  /** other names by which it is found */
  readonly alsoCalled?: string
  readonly keys?: string
  readonly icon?: Icon
  readonly run: () => void
}

/** Everything that can be done from the palette now. */
export function actionsOf(workbench: Workbench): Action[] {
  const { settings, figures } = workbench
  return [
    ...availableItems(workbench),
    ...CHOICES.map(({ id, name, alsoCalled }) => ({
      label: `${settings.isChecked(id) ? 'Uncheck' : 'Check'} ${name}`,
      alsoCalled: alsoCalled.map((alias) => alias.name).join('; '),
      run: () => settings.toggle(id)
    })),
    ...CHOICES.filter(({ id }) => settings.isChecked(id)).flatMap((choice) =>
      copyItems(workbench, choice).map(({ label, run }) => ({
        label: `${label}: ${choice.name}`,
        run
      }))
    ),
    ...figures.list.map((shown) => ({
      label: `Save ${shown.figure.title} as PNG`,
      run: () => void shown.savePng()
    }))
  ]
}

/** The actions whose names have every word of the query, best (earliest match, the label's first) first. */
export function matching(actions: readonly Action[], query: string): Action[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const place = ({ label, alsoCalled = '' }: Action): number => {
    const names = `${label}; ${alsoCalled}`.toLowerCase()
    const places = words.map((word) => names.indexOf(word))
    return places.includes(-1) ? -1 : places.reduce((sum, at) => sum + at, 0)
  }
  return actions
    .map((action) => ({ action, at: place(action) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
    .map(({ action }) => action)
}

/** Image number in the query ('12', 'test 12', 'image 12'), when the data set has it. */
export function imageOf(query: string, workbench: Workbench): Action | undefined {
  const found = /^(?:image\s+)?(?:(train|test)\s+)?#?(\d[\d,]*)$/i.exec(query.trim())
  const dataset = workbench.dataset
  if (!found || !dataset) return undefined
  const split = found[1]?.toLowerCase() === 'test' ? 'test' : 'train'
  const index = Number(found[2]?.replaceAll(',', ''))
  if (index >= (dataset.splits[split]?.count ?? 0)) return undefined
  return {
    label: `Go to image ${index} of the ${split === 'test' ? 'test' : 'training'} split`,
    icon: VIEW_ICONS.images,
    run: () => {
      workbench.filters.clear()
      workbench.filters.setSplit(split)
      workbench.select(split, index)
      workbench.show('images')
    }
  }
}
