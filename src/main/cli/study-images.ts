import type { Dataset } from '../../core/dataset/dataset'
import type { ErrorFacts } from '../../core/error'
import type { Provenance } from '../../core/study/study'
import { openDataset } from '../data/open'
import { openImages } from '../engine/study/images'
import type { Context } from './command'

/** The images of a study where they are on this computer, else the facts of what is missing. */
export async function studyImages(
  { output, signal }: Context,
  images: Provenance
): Promise<{ readonly dataset?: Dataset; readonly problem?: ErrorFacts }> {
  const found = await openImages(images, async (source, check) => {
    const opened = await openDataset(source.paths, {
      ...source,
      signal,
      onProgress: (stage, fraction) => output.progress.show(stage, fraction)
    })
    check(opened)
    return opened
  })
  signal.throwIfAborted()
  output.progress.clear()
  return found
}
