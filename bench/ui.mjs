// The window in use: saving each figure of Pixels, Activations and Why, in a browser on the served shell.
import { exported } from './ui/window.mjs'

const milliseconds = { unit: 'ms', digits: 0 }

export default {
  name: 'ui',
  title: 'Window',
  rounds: 2,
  quickRounds: 1,
  measures: { PNG: milliseconds, SVG: milliseconds },
  rows: [
    { what: 'saving the slowest figure, PNG', of: 'figures', measure: 'PNG', most: 300 },
    { what: 'saving the slowest figure, SVG', of: 'figures', measure: 'SVG', most: 500 }
  ],
  prepare: ({ folder }) => ({ figures: () => exported(folder) })
}
