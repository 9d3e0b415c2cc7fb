import { VIEWS } from './views'
import type { ViewId, ViewRecord } from './views'

/**
 * Something the window does: the native menu, the palette, the menus of the window and its keys
 * all read the list. What a command does is in `renderer/frame/commands.ts`.
 */
export interface Command<Id extends string = CommandId> {
  readonly id: Id
  readonly title: string
  /** 'Mod' is Ctrl, on macOS Cmd; the first is shown, the others work too */
  readonly keys?: readonly string[]
  /** its place in the native menu */
  readonly menu?: 'file' | 'view' | 'run' | 'help'
  /** a line above it there */
  readonly separated?: boolean
}

const NAMED = [
  { id: 'palette', title: 'Find an action or image', keys: ['Mod+K'] },
  { id: 'open-file', title: 'Open file…', keys: ['Mod+O'], menu: 'file' },
  { id: 'open-folder', title: 'Open folder…', keys: ['Mod+Shift+O'], menu: 'file' },
  { id: 'open-study', title: 'Open study…', menu: 'file', separated: true },
  { id: 'save-study', title: 'Save study…', keys: ['Mod+S'], menu: 'file' },
  { id: 'save-report', title: 'Save report…', menu: 'file' },
  { id: 'train', title: 'Train the checked choices', keys: ['Mod+Enter'], menu: 'run' },
  { id: 'cancel-runs', title: 'Cancel all runs' },
  { id: 'cluster', title: 'Ray cluster…', menu: 'run', separated: true },
  { id: 'change-data', title: 'Change the data set…' },
  { id: 'add-labels', title: 'Add labels…' },
  { id: 'name-classes', title: 'Name the classes…' },
  { id: 'cache', title: 'Cache of decoded images…' },
  { id: 'edit-network', title: 'Edit the network…' },
  { id: 'clear-filters', title: 'Clear the filters' },
  { id: 'undo', title: 'Undo setting', keys: ['Mod+Z'] },
  { id: 'redo', title: 'Redo setting', keys: ['Mod+Shift+Z', 'Mod+Y'] },
  {
    id: 'toggle-rail',
    title: 'Show or hide the sidebar',
    keys: ['Mod+B'],
    menu: 'view',
    separated: true
  },
  { id: 'theme-system', title: 'System theme' },
  { id: 'theme-light', title: 'Light theme' },
  { id: 'theme-dark', title: 'Dark theme' },
  { id: 'about', title: 'About Normscope', menu: 'help' }
] as const satisfies readonly Command<string>[]

export type NamedCommandId = (typeof NAMED)[number]['id']
export type CommandId = `view-${ViewId}` | NamedCommandId

/** One command for each view; the views are passed in so that a new one can be tried. */
export function commandsOf<Id extends string>(
  views: readonly ViewRecord<Id>[]
): readonly Command<`view-${Id}` | NamedCommandId>[] {
  return [
    ...views.map(({ id, title }, at): Command<`view-${Id}`> => ({
      id: `view-${id}`,
      title: `Show ${title}`,
      keys: [`Mod+${at + 1}`],
      menu: 'view'
    })),
    ...NAMED
  ]
}

export const COMMANDS: readonly Command[] = commandsOf<ViewId>(VIEWS)
