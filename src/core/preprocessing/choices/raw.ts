import { choice } from '../choice'
import { affine } from '../fitting'

export const RAW = choice({
  id: 'raw',
  name: 'As stored',
  shortName: 'As stored',
  formula: 'x',
  alsoCalled: [{ name: 'raw' }, { name: 'none' }, { name: 'unnormalised' }],
  definition: 'The stored values as they are.',
  colour: { light: '#6b7280', dark: '#a3a9b3', line: 'solid' },
  first: true,
  stored: true,
  fit: () => affine([0], [1], {})
})
