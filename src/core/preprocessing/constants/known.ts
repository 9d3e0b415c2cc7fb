import type { Dataset, PixelType } from '../../dataset/dataset'
import type { ConstantsSpec } from '../preprocessing'

export type Constants = Pick<ConstantsSpec, 'centre' | 'divisor'>

/** Mean and std that a well-known set of images was standardised with, of values in [0, 1]. */
interface KnownConstants {
  readonly name: string
  readonly mean: readonly number[]
  readonly std: readonly number[]
  readonly source: string
  /** a button of the window tries them */
  readonly offered?: boolean
}

export const KNOWN_CONSTANTS: readonly KnownConstants[] = [
  {
    name: 'MNIST',
    mean: [0.1307],
    std: [0.3081],
    source: 'PyTorch examples, mnist/main.py',
    offered: true
  },
  {
    name: 'Fashion-MNIST',
    mean: [0.286],
    std: [0.353],
    source: 'mean and std of its training images'
  },
  {
    name: 'ImageNet',
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    source: 'torchvision.models, pretrained weights',
    offered: true
  },
  {
    name: 'CIFAR-10',
    mean: [0.4914, 0.4822, 0.4465],
    std: [0.247, 0.2435, 0.2616],
    source: 'mean and std of its training images'
  },
  {
    name: 'CIFAR-10 as it is often copied, with the mean of the stds of single images',
    mean: [0.4914, 0.4822, 0.4465],
    std: [0.2023, 0.1994, 0.201],
    source: 'kuangliu/pytorch-cifar, main.py'
  },
  {
    name: 'CIFAR-100',
    mean: [0.5071, 0.4865, 0.4409],
    std: [0.2673, 0.2564, 0.2762],
    source: 'weiaicunzai/pytorch-cifar100, conf/global_settings.py'
  }
]

/** The value of white: known of whole numbers, and of floats from what is found among them. */
export function whiteOf(type: PixelType, min: number, max: number): number | undefined {
  if (type === 'uint8') return 255
  if (type === 'uint16') return 65535
  return min < 0 ? undefined : [1, 255, 65535].find((white) => max <= white)
}

/**
 * The constants in the units of this data set; undefined for another number of channels, and for
 * float pixels beyond [0, 1], whose unit is not known.
 * @param max greatest stored value
 */
export function constantsFor(
  known: KnownConstants,
  { channels, dtype }: Pick<Dataset, 'channels' | 'dtype'>,
  max: number
): Constants | undefined {
  if (known.mean.length !== channels) return undefined
  const white = whiteOf(dtype, 0, max)
  if (white === undefined || (dtype === 'float32' && white !== 1)) return undefined
  const times = (values: readonly number[]): number[] =>
    values.map((value) => Number((value * white).toPrecision(12)))
  return { centre: times(known.mean), divisor: times(known.std) }
}
