/**
 * The views, in the order of their tabs; Ctrl and its number shows one. A view is a folder
 * `renderer/views/<id>` with a component called …View.svelte and its icon, and its line here.
 */
export const VIEWS = [
  { id: 'images', title: 'Images' },
  { id: 'pixels', title: 'Pixels' },
  { id: 'activations', title: 'Activations' },
  { id: 'training', title: 'Training' },
  { id: 'why', title: 'Why' }
] as const

export type ViewId = (typeof VIEWS)[number]['id']

export interface ViewRecord<Id extends string = ViewId> {
  readonly id: Id
  readonly title: string
}
