import { lossOf } from '../network/losses'
import type { RunGroup } from '../study/groups'
import type { Dash, Marker } from './figure'

export interface LineStyle {
  readonly dash: Dash
  readonly marker: Marker
  /** other lines have the colour of this one's choice */
  readonly shared: boolean
}

const DASHES: readonly Dash[] = ['solid', 'dashed', 'dotted']
const MARKERS: readonly Marker[] = ['circle', 'square', 'triangle', 'diamond']

/** Lines of one colour differ by marker, and by dash: that of the loss where this tells them apart. */
export function stylesOf(groups: readonly RunGroup[]): Map<RunGroup, LineStyle> {
  const styles = new Map<RunGroup, LineStyle>()
  for (const group of groups) {
    const same = groups.filter(({ config }) => config.choice.id === group.config.choice.id)
    const losses = new Set(same.map(({ config }) => config.loss))
    const at = same.indexOf(group)
    styles.set(group, {
      dash:
        losses.size === same.length
          ? lossOf(group.config.loss).dash
          : (DASHES[at % DASHES.length] ?? 'solid'),
      marker: MARKERS[at % MARKERS.length] ?? 'circle',
      shared: same.length > 1
    })
  }
  return styles
}
