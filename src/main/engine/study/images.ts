import { dirname } from 'node:path'
import type { DatasetSource } from '../../../contract/engine'
import type { Dataset } from '../../../core/dataset/dataset'
import { errorFacts, NormscopeError } from '../../../core/error'
import type { ErrorFacts } from '../../../core/error'
import { pathsText, samePaths } from '../../../core/study/opened-from'
import type { Provenance } from '../../../core/study/study'

/** Opens a data set, and refuses what `check` throws at. */
type Open = (source: DatasetSource, check: (found: Dataset) => void) => Promise<Dataset>

/**
 * Opens the images of a study where they are on this machine: told by their content, wherever they
 * lie. Otherwise the facts of what is missing.
 */
export async function openImages(
  images: Provenance,
  open: Open
): Promise<{ readonly dataset?: Dataset; readonly problem?: ErrorFacts }> {
  const failures: ErrorFacts[] = []
  for (const place of placesOf(images)) {
    try {
      return {
        dataset: await open(place, (found) => checkSame(images, found, pathsText(place.paths)))
      }
    } catch (thrown) {
      const error = errorFacts(thrown)
      failures.push(error)
      if (error.code === 'cancelled' || error.code === 'overtaken') break
    }
  }
  const [first] = failures
  return {
    problem: {
      code: 'study-images-missing',
      message: `The images of this study (${images.name}) could not be opened on this computer. ${first?.message ?? 'The study does not say where they are.'}`,
      path: first?.path ?? images.sources[0]?.path,
      hint: 'Open them as a data set: they are recognised by their content, wherever they lie.'
    }
  }
}

/** Names of other machines on Windows: to open a study asks no host for anything. */
const ELSEWHERE = /^@?[\\/]{2}/

/** Where the images may be on this machine, most likely first. */
function placesOf({ openedFrom, name, format, sources }: Provenance): DatasetSource[] {
  const named = format === 'generated' ? 'generated' : 'fashion-mnist'
  const isNamed = format === 'generated' || name === 'Fashion-MNIST'
  const [first] = sources
  const file = first && { paths: [sources.length === 1 ? first.path : dirname(first.path)] }
  const places = [openedFrom, isNamed ? { paths: [named] } : undefined, file]
  const here = places.filter((place) => place && !place.paths.some((path) => ELSEWHERE.test(path)))
  return (here as DatasetSource[]).filter(
    ({ paths }, at, all) => all.findIndex((other) => samePaths(other.paths, paths)) === at
  )
}

function checkSame(images: Provenance, found: Dataset, path: string): void {
  if (found.id === images.id) return
  throw new NormscopeError({
    code: 'other-images',
    message: `${path} holds other images or labels than those of the study.`,
    path,
    expected: images.id,
    actual: found.id
  })
}
