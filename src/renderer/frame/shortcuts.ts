import { VIEW_IDS } from '../state/views'
import type { Workbench } from '../state/workbench.svelte'

/** Keys held with Ctrl (or Cmd). */
const KEYS: Readonly<Record<string, (workbench: Workbench, event: KeyboardEvent) => void>> = {
  k: (workbench) => workbench.openDialog('palette'),
  b: (workbench) => workbench.toggleRail(),
  enter: (workbench) => void workbench.train(),
  z: (workbench, event) => (event.shiftKey ? workbench.settings.redo() : workbench.settings.undo()),
  y: (workbench) => workbench.settings.redo()
}

function inTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true
  const silent = ['checkbox', 'radio', 'range', 'button']
  return target instanceof HTMLInputElement && !silent.includes(target.type)
}

/** Carries out a key of the frame. Undo keeps its own meaning inside text fields. */
export function onShortcut(event: KeyboardEvent, workbench: Workbench): void {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented) return
  const key = event.key.toLowerCase()
  const view = VIEW_IDS[Number(key) - 1]
  const act = view ? () => workbench.show(view) : KEYS[key]
  if (!act) return
  if ((key === 'z' || key === 'y') && inTextField(event.target)) return
  if (workbench.dialog && key !== 'z' && key !== 'y') return
  event.preventDefault()
  act(workbench, event)
}

/** Name of the control key on this machine. */
export const CONTROL_KEY =
  typeof navigator !== 'undefined' && /Mac/.test(navigator.platform) ? '⌘' : 'Ctrl'
