import type { Component } from 'svelte'
import { VIEWS } from '../../contract/views'
import type { ViewId } from '../../contract/views'
import { Later } from '../state/later.svelte'
import { fileOfEach } from './folders'

type Read = () => Promise<Component>

/** The first view is there with the window, the others are in scripts of their own. */
const FIRST = import.meta.glob<Component>('./images/*View.svelte', {
  eager: true,
  import: 'default'
})
const OTHERS = import.meta.glob<Component>(['./*/*View.svelte', '!./images/*'], {
  import: 'default'
})

const FOUND: Record<string, Later<Component>> = {}
for (const [path, component] of Object.entries(FIRST)) {
  FOUND[path] = new Later(() => Promise.resolve(component), component)
}
for (const [path, read] of Object.entries<Read>(OTHERS)) FOUND[path] = new Later(read)

/** The component of each view: the one in its folder whose name ends in View. */
export const VIEW_COMPONENTS = fileOfEach<ViewId, Later<Component>>(VIEWS, FOUND, '…View.svelte')
