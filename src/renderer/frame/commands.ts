import { COMMANDS } from '../../contract/commands'
import type { Command, NamedCommandId } from '../../contract/commands'
import { VIEWS } from '../../contract/views'
import { lacksClassNames } from '../../core/dataset/class-names'
import type { Icon, MenuItem } from '../components/menu'
import type { ThemeChoice } from '../state/theme.svelte'
import type { Workbench } from '../state/workbench.svelte'
import { VIEW_ICONS } from '../views/icons'

/** What a command does in the window. */
interface Effect {
  run(workbench: Workbench): void
  /** absent: always */
  available?(workbench: Workbench): boolean
  /** of commands of which one is in force */
  chosen?(workbench: Workbench): boolean
  /** its keys keep their own meaning inside text fields, and work while a dialog is open */
  edits?: boolean
  icon?: Icon
}

const dialog = (name: NonNullable<Workbench['dialog']>): Effect => ({
  run: (workbench) => workbench.openDialog(name)
})
const theme = (choice: ThemeChoice): Effect => ({
  run: (workbench) => workbench.theme.set(choice),
  chosen: (workbench) => workbench.theme.choice === choice
})

const NAMED: Readonly<Record<NamedCommandId, Effect>> = {
  palette: { ...dialog('palette'), available: (workbench) => workbench.dialog === undefined },
  'open-file': {
    run: (workbench) => void workbench.chooseDataset('files'),
    available: (workbench) => workbench.bridge !== undefined
  },
  'open-folder': {
    run: (workbench) => void workbench.chooseDataset('folders'),
    available: (workbench) => workbench.bridge !== undefined
  },
  'open-study': { run: (workbench) => void workbench.studies.choose() },
  'save-study': {
    run: (workbench) => void workbench.studies.save(),
    available: (workbench) => workbench.subject !== undefined
  },
  'save-report': {
    run: (workbench) => void workbench.studies.saveReport(),
    available: (workbench) => workbench.subject !== undefined
  },
  train: { run: (workbench) => void workbench.train() },
  'cancel-runs': {
    run: (workbench) => void workbench.ask('cancelAll', {}),
    available: (workbench) => workbench.runs.active.length + workbench.runs.queued.length > 0
  },
  cluster: dialog('cluster'),
  'change-data': dialog('data'),
  'add-labels': {
    ...dialog('labels'),
    available: (workbench) => workbench.dataset !== undefined && !workbench.trainable
  },
  'name-classes': {
    ...dialog('class-names'),
    available: ({ dataset }) => dataset !== undefined && lacksClassNames(dataset)
  },
  cache: dialog('cache'),
  'edit-network': dialog('network'),
  'clear-filters': {
    run: (workbench) => workbench.filters.clear(),
    available: (workbench) => workbench.filters.active
  },
  undo: {
    run: (workbench) => workbench.settings.undo(),
    available: (workbench) => workbench.settings.canUndo,
    edits: true
  },
  redo: {
    run: (workbench) => workbench.settings.redo(),
    available: (workbench) => workbench.settings.canRedo,
    edits: true
  },
  'toggle-rail': { run: (workbench) => workbench.toggleRail() },
  'theme-system': theme('system'),
  'theme-light': theme('light'),
  'theme-dark': theme('dark'),
  about: dialog('about')
}

const EFFECTS = {
  ...NAMED,
  ...Object.fromEntries(
    VIEWS.map(({ id }) => [
      `view-${id}`,
      { run: (workbench) => workbench.show(id), icon: VIEW_ICONS[id] } satisfies Effect
    ])
  )
} as Readonly<Record<Command['id'], Effect>>

const isAvailable = ({ id }: Command, workbench: Workbench): boolean =>
  EFFECTS[id].available?.(workbench) ?? true

/** Carries out a command of the native menu, a menu, a key or the palette. */
export function runCommand(id: Command['id'], workbench: Workbench): void {
  EFFECTS[id].run(workbench)
}

/** Name of the control key on this machine. */
const CONTROL_KEY =
  typeof navigator !== 'undefined' && /Mac/.test(navigator.platform) ? '⌘' : 'Ctrl'

/** The keys of a command as they are shown. */
export function keysOf(id: Command['id']): string | undefined {
  const [keys] = COMMANDS.find((command) => command.id === id)?.keys ?? []
  return keys?.replace('Mod', CONTROL_KEY).replace('Shift', '⇧').replaceAll('+', ' ')
}

function itemOf(command: Command, workbench: Workbench): MenuItem {
  const { chosen, icon } = EFFECTS[command.id]
  return {
    label: command.title,
    keys: keysOf(command.id),
    icon,
    disabled: !isAvailable(command, workbench),
    ...(chosen && { chosen: chosen(workbench) }),
    run: () => runCommand(command.id, workbench)
  }
}

/** Commands as lines of a menu, in the order given. */
export function commandItems(ids: readonly Command['id'][], workbench: Workbench): MenuItem[] {
  return ids.flatMap((id) => {
    const command = COMMANDS.find((each) => each.id === id)
    return command ? [itemOf(command, workbench)] : []
  })
}

/** Every command that can be carried out now. */
export function availableItems(workbench: Workbench): MenuItem[] {
  return COMMANDS.filter((command) => isAvailable(command, workbench)).map((command) =>
    itemOf(command, workbench)
  )
}

function inTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true
  const silent = ['checkbox', 'radio', 'range', 'button']
  return target instanceof HTMLInputElement && !silent.includes(target.type)
}

/** Digits need Shift on some keyboards, so it is compared for letters only. */
function isKeyOf(keys: string, event: KeyboardEvent): boolean {
  const words = keys.toLowerCase().split('+')
  const key = event.key.toLowerCase()
  return (
    key === words.at(-1) && (!/^[a-z]$/.test(key) || words.includes('shift') === event.shiftKey)
  )
}

/** Carries out the command whose keys are pressed. */
export function onShortcut(event: KeyboardEvent, workbench: Workbench): void {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented) return
  const command = COMMANDS.find(({ keys }) => keys?.some((each) => isKeyOf(each, event)))
  if (!command || (!isAvailable(command, workbench) && !EFFECTS[command.id].edits)) return
  if (EFFECTS[command.id].edits ? inTextField(event.target) : workbench.dialog) return
  event.preventDefault()
  runCommand(command.id, workbench)
}
