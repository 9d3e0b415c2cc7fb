import type { Component } from 'svelte'
import type { Dataset } from '../../../core/dataset/dataset'
import type { DialogName } from '../../state/dialogs'
import { Later } from '../../state/later.svelte'
import Palette from './Palette.svelte'

interface DialogProps {
  readonly onclose: () => void
  /** the data set that is open; the names of its classes are asked for only then */
  readonly dataset: Dataset | undefined
  readonly labelling: boolean
}
type Dialog = Component<DialogProps>

const later = (read: () => Promise<{ readonly default: unknown }>): Later<Dialog> =>
  new Later(async () => (await read()).default as Dialog)

const PALETTE = Palette as Component<Pick<DialogProps, 'onclose'>> as Dialog
const DATA = later(() => import('./DataDialog.svelte'))

/**
 * The component of each dialog, in a script of its own but for the palette's: what is typed right after its keys is
 * lost where it is not there yet.
 */
export const DIALOG_COMPONENTS: Readonly<Record<DialogName, Later<Dialog>>> = {
  data: DATA,
  labels: DATA,
  'class-names': later(() => import('./ClassNamesDialog.svelte')),
  network: later(() => import('./NetworkDialog.svelte')),
  cluster: later(() => import('./ClusterDialog.svelte')),
  cache: later(() => import('./CacheDialog.svelte')),
  about: later(() => import('./AboutDialog.svelte')),
  palette: new Later(() => Promise.resolve(PALETTE), PALETTE)
}
