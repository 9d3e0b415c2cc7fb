/** The views, in the order of their tabs. */
export const VIEW_IDS = ['images', 'pixels', 'activations', 'training'] as const
export type ViewId = (typeof VIEW_IDS)[number]

export const VIEW_NAMES: Readonly<Record<ViewId, string>> = {
  images: 'Images',
  pixels: 'Pixels',
  activations: 'Activations',
  training: 'Training'
}
