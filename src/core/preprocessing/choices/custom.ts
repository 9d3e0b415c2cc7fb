import { choice } from '../choice'
import { affine } from '../fitting'

export const CUSTOM = choice({
  id: 'custom',
  name: 'Custom',
  shortName: 'Custom',
  formula: '(x - a_c) / b_c',
  alsoCalled: [{ name: "someone else's constants" }],
  definition: 'Constants of your own, one for all channels or one each.',
  colour: { light: '#1b1c1e', dark: '#ecedee', line: 'dotted' },
  constants: {
    centre: { help: 'subtracted from each value', default: 0 },
    divisor: { help: 'each value is divided by it', default: 1, nonZero: true }
  },
  fit: (_, { centre, divisor }) => affine(centre, divisor, { centre, divisor })
})
