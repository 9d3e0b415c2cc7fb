import ClipboardCopy from '@lucide/svelte/icons/clipboard-copy'
import { errorFacts } from '../../core/error'
import type { ChoiceRecord } from '../../core/preprocessing/choices'
import { FRAMEWORK_NAMES, FRAMEWORKS } from '../../core/preprocessing/fitted'
import type { Framework } from '../../core/preprocessing/fitted'
import type { ChoiceId } from '../../core/preprocessing/preprocessing'
import type { MenuItem } from '../components/menu'
import { copyText } from '../state/save'
import { choiceSpecOf } from '../state/settings'
import type { Workbench } from '../state/workbench.svelte'

/** Copies a choice with its fitted constants, for a library each. */
export function copyItems(workbench: Workbench, choice: ChoiceRecord<ChoiceId>): MenuItem[] {
  return FRAMEWORKS.map((framework) => ({
    label: `Copy code for ${FRAMEWORK_NAMES[framework]}`,
    icon: ClipboardCopy,
    disabled: !workbench.dataset,
    run: () => void copyCode(workbench, choice, framework)
  }))
}

async function copyCode(
  workbench: Workbench,
  { id, name }: ChoiceRecord<ChoiceId>,
  framework: Framework
): Promise<void> {
  try {
    const choice = choiceSpecOf(id, workbench.settings.custom)
    await copyText(workbench.bridge, await workbench.call('choiceCode', { choice, framework }))
    workbench.notices.show('info', `Copied ${name} as code for ${FRAMEWORK_NAMES[framework]}`)
  } catch (thrown) {
    workbench.notices.error(errorFacts(thrown))
  }
}
