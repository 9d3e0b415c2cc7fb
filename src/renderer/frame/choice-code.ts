import ClipboardCopy from '@lucide/svelte/icons/clipboard-copy'
import { errorFacts } from '../../core/error'
import { NETWORK_FRAMEWORKS } from '../../core/network/code/code'
import type { NetworkFramework } from '../../core/network/code/code'
import { choiceRecord } from '../../core/preprocessing/choices'
import type { ChoiceRecord } from '../../core/preprocessing/choices'
import { FRAMEWORK_NAMES, FRAMEWORKS } from '../../core/preprocessing/fitted'
import type { ChoiceId, ChoiceSpec } from '../../core/preprocessing/preprocessing'
import type { MenuItem } from '../components/menu'
import { copyText } from '../state/save'
import { choiceSpecOf } from '../state/settings'
import type { NetworkSettings } from '../state/settings'
import type { Workbench } from '../state/workbench.svelte'

/** Copies a choice as it is set, with its fitted constants, for a library each. */
export function copyItems(workbench: Workbench, { id }: ChoiceRecord<ChoiceId>): MenuItem[] {
  return copyItemsOf(workbench, choiceSpecOf(id, workbench.settings.custom))
}

/** The choice alone, and with the network that is set. */
export function copyItemsOf(workbench: Workbench, choice: ChoiceSpec): MenuItem[] {
  const { name } = choiceRecord(choice.id)
  const alone = FRAMEWORKS.map((framework) =>
    copyItem(workbench, `code for ${FRAMEWORK_NAMES[framework]}`, {
      what: `${name} as code for ${FRAMEWORK_NAMES[framework]}`,
      text: () => workbench.call('choiceCode', { choice, framework })
    })
  )
  const { settings } = workbench
  const both = NETWORK_FRAMEWORKS.map((framework) =>
    copyItem(workbench, `choice and network for ${FRAMEWORK_NAMES[framework]}`, {
      what: `${name} and the network as code for ${FRAMEWORK_NAMES[framework]}`,
      text: () => networkCode(workbench, settings.network, framework, choice)
    })
  )
  return [...alone, ...both.map((item, at) => ({ ...item, separated: at === 0 }))]
}

/** Copies a network as a program that makes and trains it, for a library each; tells what became of it. */
export function networkItems(
  workbench: Workbench,
  network: NetworkSettings,
  tell: (text: string) => void
): MenuItem[] {
  return NETWORK_FRAMEWORKS.map((framework) =>
    copyItem(workbench, `network for ${FRAMEWORK_NAMES[framework]}`, {
      what: `for ${FRAMEWORK_NAMES[framework]}`,
      text: () => networkCode(workbench, network, framework),
      tell
    })
  )
}

function networkCode(
  workbench: Workbench,
  { seeds: _, ...network }: NetworkSettings,
  framework: NetworkFramework,
  choice?: ChoiceSpec
): Promise<string> {
  const config = { ...network, choice: choice ?? { id: 'raw' as const }, seed: 0 }
  return workbench.call('networkCode', { config, framework, withChoice: choice !== undefined })
}

interface Copied {
  readonly what: string
  readonly text: () => Promise<string>
  /** in place of a notice */
  readonly tell?: (text: string) => void
}

function copyItem(workbench: Workbench, label: string, { what, text, tell }: Copied): MenuItem {
  return {
    label: `Copy ${label}`,
    icon: ClipboardCopy,
    disabled: !workbench.dataset,
    async run() {
      try {
        await copyText(workbench.bridge, await text())
        if (tell) tell(`Copied ${what}`)
        else workbench.notices.show('info', `Copied ${what}`)
      } catch (thrown) {
        const facts = errorFacts(thrown)
        if (tell) tell(facts.message)
        else workbench.notices.error(facts)
      }
    }
  }
}
