import { Later } from '../state/later.svelte'

/** The card of a figure, with all that draws it, for a view that shows pictures before it. */
export const FIGURE_CARD = new Later(async () => (await import('./FigureCard.svelte')).default)
