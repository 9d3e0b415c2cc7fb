import type { SplitName } from '../dataset/dataset'
import { grouped } from '../numbers'
import { taskCounts } from './run'
import type { RunRecord } from './run'

export const SPLIT_IMAGES: Readonly<Record<SplitName, string>> = {
  train: 'training images',
  test: 'test images'
}

/**
 * What a network was measured on: '1,000 test images, 100 a class'.
 * @param classCounts images of each class that were drawn from; absent where there are no labels
 */
export function probeText(
  { split, count }: { readonly split: SplitName; readonly count: number },
  classCounts: readonly number[] | undefined
): string {
  const images = `${grouped(count)} ${SPLIT_IMAGES[split]}`
  const occurring = classCounts?.filter((each) => each > 0) ?? []
  const total = occurring.reduce((sum, each) => sum + each, 0)
  if (total === count) return `all ${images}`
  if (total === 0) return `${images}, drawn at random`
  const equal = occurring.every((each) => each === occurring[0])
  const each = count / occurring.length
  return equal && Number.isInteger(each)
    ? `${images}, ${grouped(each)} a class`
    : `${images}, drawn class by class`
}

/** That of a run; in earlier versions it was the first test images. */
export function probeTextOf(run: RunRecord): string {
  const { probe, config, testCount } = run
  if (!probe) return `the first ${grouped(Math.min(config.probeImages, testCount))} test images`
  return probeText(probe, probe.split === 'test' ? taskCounts(run) : undefined)
}
