import ClipboardCopy from '@lucide/svelte/icons/clipboard-copy'
import { errorFacts } from '../../core/error'
import { choiceRecord } from '../../core/preprocessing/choices'
import type { ChoiceRecord } from '../../core/preprocessing/choices'
import { FRAMEWORK_NAMES, FRAMEWORKS } from '../../core/preprocessing/fitted'
import type { Framework } from '../../core/preprocessing/fitted'
import type { ChoiceId, ChoiceSpec } from '../../core/preprocessing/preprocessing'
import type { MenuItem } from '../components/menu'
import { copyText } from '../state/save'
import { choiceSpecOf } from '../state/settings'
import type { Workbench } from '../state/workbench.svelte'

/** Copies a choice as it is set, with its fitted constants, for a library each. */
export function copyItems(workbench: Workbench, { id }: ChoiceRecord<ChoiceId>): MenuItem[] {
  return copyItemsOf(workbench, choiceSpecOf(id, workbench.settings.custom))
}

export function copyItemsOf(workbench: Workbench, choice: ChoiceSpec): MenuItem[] {
  return FRAMEWORKS.map((framework) => ({
    label: `Copy code for ${FRAMEWORK_NAMES[framework]}`,
    icon: ClipboardCopy,
    disabled: !workbench.dataset,
    run: () => void copyCode(workbench, choice, framework)
  }))
}

async function copyCode(
  workbench: Workbench,
  choice: ChoiceSpec,
  framework: Framework
): Promise<void> {
  try {
    await copyText(workbench.bridge, await workbench.call('choiceCode', { choice, framework }))
    workbench.notices.show(
      'info',
      `Copied ${choiceRecord(choice.id).name} as code for ${FRAMEWORK_NAMES[framework]}`
    )
  } catch (thrown) {
    workbench.notices.error(errorFacts(thrown))
  }
}
