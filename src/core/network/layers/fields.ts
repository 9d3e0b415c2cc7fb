import type { Padding } from './builder'
import type { Field, Option } from './layer'

/** Fields that several kinds of layers share. */
export const units = {
  name: 'Units',
  help: 'values that come out',
  limits: { integer: true, min: 1, max: 8192 },
  default: 128
} as const satisfies Field

export const filters = {
  name: 'Filters',
  help: 'channels that come out',
  limits: { integer: true, min: 1, max: 1024 },
  default: 16
} as const satisfies Field

export const size = (otherwise: number) =>
  ({
    name: 'Window',
    help: 'height and width in pixels',
    limits: { integer: true, min: 1, max: 7 },
    default: otherwise
  }) as const satisfies Field

export const stride = {
  name: 'Stride',
  help: 'pixels from one place of the window to the next',
  limits: { integer: true, min: 1, max: 7 },
  default: 1,
  text: 's',
  advanced: true
} as const satisfies Field

export const epsilon = (otherwise: number) =>
  ({
    name: 'Epsilon',
    help: 'added to the variance',
    limits: { above: 0 },
    default: otherwise,
    text: 'e',
    advanced: true
  }) as const satisfies Field

export const padding = (otherwise: Padding) =>
  ({
    name: 'Padding',
    help: 'whether zeros are put around the image, so that stride 1 keeps its size',
    options: [
      { id: 'same', name: 'same', text: 'same' },
      { id: 'valid', name: 'valid', text: 'valid' }
    ],
    default: otherwise
  }) as const satisfies Option<Padding>

export const bias = {
  name: 'Bias',
  help: 'a number added to each output; a normalisation behind makes it idle',
  options: [
    { id: 'yes', name: 'with bias', text: 'bias' },
    { id: 'no', name: 'no bias', text: 'nobias' }
  ],
  default: 'yes'
} as const satisfies Option<'yes' | 'no'>
