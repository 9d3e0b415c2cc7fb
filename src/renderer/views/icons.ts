import { VIEWS } from '../../contract/views'
import type { ViewId } from '../../contract/views'
import type { Icon } from '../components/menu'
import { fileOfEach } from './folders'

const FOUND = import.meta.glob<Icon>('./*/icon.ts', { eager: true, import: 'default' })

/** The icon of each view: what `icon.ts` in its folder exports. */
export const VIEW_ICONS = fileOfEach<ViewId, Icon>(VIEWS, FOUND, 'icon.ts')
