import type { Dataset, PixelType } from '../../../core/dataset/dataset'
import type { CustomConstants } from '../../state/settings'

/** Mean and std that a well-known set of images was standardised with, of values in [0, 1]. */
interface KnownConstants {
  readonly name: string
  readonly channels: number
  readonly mean: readonly number[]
  readonly std: readonly number[]
  readonly source: string
}

export const KNOWN_CONSTANTS: readonly KnownConstants[] = [
  {
    name: 'MNIST',
    channels: 1,
    mean: [0.1307],
    std: [0.3081],
    source: 'PyTorch examples, mnist/main.py'
  },
  {
    name: 'ImageNet',
    channels: 3,
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    source: 'torchvision.models, pretrained weights'
  }
]

const MAX_OF_TYPE: Readonly<Record<PixelType, number | undefined>> = {
  uint8: 255,
  uint16: 65535,
  float32: undefined
}

/**
 * The constants in the units of this data set; undefined for another number of channels, and for
 * float pixels beyond [0, 1], whose unit is not known.
 * @param max greatest stored value
 */
export function constantsFor(
  known: KnownConstants,
  dataset: Pick<Dataset, 'channels' | 'dtype'>,
  max: number
): CustomConstants | undefined {
  if (known.channels !== dataset.channels) return undefined
  const scale = MAX_OF_TYPE[dataset.dtype] ?? (max <= 1 ? 1 : undefined)
  if (scale === undefined) return undefined
  const times = (values: readonly number[]): number[] =>
    values.map((value) => Number((value * scale).toPrecision(12)))
  return { centre: times(known.mean), divisor: times(known.std) }
}
