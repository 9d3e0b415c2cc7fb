import type { RunConfig } from '../network/config'
import type { RunRecord } from './run'

/**
 * Accuracy of always naming the most frequent class of a run's own test images, in [0, 1]: of the
 * two classes that it tells apart, or of all. undefined where the images per class are not known.
 */
export function chanceOf({ config, testClassCounts }: RunRecord): number | undefined {
  if (!testClassCounts) return undefined
  const counts = config.classes?.map((label) => testClassCounts[label] ?? 0) ?? testClassCounts
  const images = counts.reduce((sum, count) => sum + count, 0)
  return images > 0 ? Math.max(...counts) / images : undefined
}

/** Which classes a run tells apart: 'classes 0 and 6', 'all classes'. */
export function taskText({ classes }: RunConfig): string {
  return classes ? `classes ${classes[0]} and ${classes[1]}` : 'all classes'
}
