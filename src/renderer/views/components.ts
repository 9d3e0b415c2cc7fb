import type { Component } from 'svelte'
import { VIEWS } from '../../contract/views'
import type { ViewId, ViewRecord } from '../../contract/views'

const FOUND = import.meta.glob<Component>('./*/*View.svelte', { eager: true, import: 'default' })

/** The component of each view: the one in its folder whose name ends in View. */
export function componentsOf<Id extends string>(
  views: readonly ViewRecord<Id>[],
  found: Readonly<Record<string, Component>>
): Readonly<Record<Id, Component>> {
  const entries = views.map(({ id }) => {
    const [component, other] = Object.keys(found).filter((path) => path.startsWith(`./${id}/`))
    if (component === undefined || other !== undefined) {
      throw new Error(`The view ${id} needs one component ./${id}/…View.svelte.`)
    }
    return [id, found[component]]
  })
  return Object.fromEntries(entries) as Record<Id, Component>
}

export const VIEW_COMPONENTS = componentsOf<ViewId>(VIEWS, FOUND)
