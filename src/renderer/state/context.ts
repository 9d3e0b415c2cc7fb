import { getContext, setContext } from 'svelte'
import type { Workbench } from './workbench.svelte'

const KEY = Symbol('workbench')

export function provideWorkbench(workbench: Workbench): void {
  setContext(KEY, workbench)
}

/** The workbench of the window; call while a component is being set up. */
export function useWorkbench(): Workbench {
  return getContext<Workbench>(KEY)
}
