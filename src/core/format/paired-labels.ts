import { errorFacts, NormscopeError } from '../error'
import { grouped } from '../numbers'
import { counted } from '../text'
import { checkCounts } from './labels'
import type { OpenedSplit } from './opened'
import { baseName } from './source'

/**
 * Which images the files of labels among several paths belong to: those that bring them along by their
 * name, else the ones named right before, else right behind. `sourcesOf` gives what images bring
 * along. Throws NormscopeError 'unpaired-labels' and 'labels-twice'.
 */
export async function pairedLabels(
  paths: readonly string[],
  images: readonly string[],
  labels: ReadonlySet<string>,
  labelsPath: string | undefined,
  sourcesOf: (images: string) => Promise<readonly string[]>
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  const [one] = labels
  if (one === undefined) return found
  if (labelsPath !== undefined) throw twice(one, labelsPath)
  const taken = new Set<string>()
  for (const path of images) {
    const own = (await sourcesOf(path)).find((source) => labels.has(source))
    if (own === undefined) continue
    found.set(path, own)
    taken.add(own)
  }
  for (const [at, path] of paths.entries()) {
    if (!labels.has(path) || taken.has(path)) continue
    const near = [paths[at - 1], paths[at + 1]].find(
      (beside) => beside !== undefined && images.includes(beside) && !found.has(beside)
    )
    if (near === undefined) throw unpaired(path, images)
    found.set(near, path)
  }
  return found
}

function unpaired(labels: string, images: readonly string[]): NormscopeError {
  return new NormscopeError({
    code: 'unpaired-labels',
    message: `${baseName(labels)} holds labels, and it is not clear of which images. Name it right behind the file of its images.`,
    path: labels,
    expected: 'a file of images without labels right before it',
    actual: `${counted(images.length, 'file')} of images`
  })
}

function twice(labels: string, labelsPath: string): NormscopeError {
  return new NormscopeError({
    code: 'labels-twice',
    message: `${baseName(labels)} holds labels, and ${baseName(labelsPath)} is named as the labels file too. Name one of them.`,
    path: labels,
    expected: 'labels once',
    actual: 'two files of labels'
  })
}

/** As many files of labels as there are of images. */
export function notApiece(labels: readonly string[], images: number): NormscopeError {
  const found = counted(labels.length, 'file')
  return new NormscopeError({
    code: 'unpaired-labels',
    message: `${found} of labels are named for ${counted(images, 'file')} of images. Name one for each, in the same order, or one for all.`,
    path: labels[0],
    expected: images === 1 ? '1 file of labels' : `1 or ${grouped(images)} files of labels`,
    actual: `${found} of labels`
  })
}

/** Images with labels of their own file: where the counts differ, the error names both files. */
export function fitting(opened: OpenedSplit, images: string, labels: string): OpenedSplit {
  const own = opened.labels?.bind(opened)
  if (own === undefined) return opened
  return {
    ...opened,
    async labels(count) {
      try {
        const found = await own(count)
        checkCounts(labels, count, found.length)
        return found
      } catch (thrown) {
        const facts = errorFacts(thrown)
        if (facts.code !== 'count-mismatch') throw thrown
        throw new NormscopeError({
          ...facts,
          message: `${baseName(labels)} does not fit ${baseName(images)}: ${facts.expected} are needed, one per image, and it has ${facts.actual}.`,
          path: labels
        })
      }
    }
  }
}
