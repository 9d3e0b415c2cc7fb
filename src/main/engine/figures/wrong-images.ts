import type { SplitName } from '../../../core/dataset/dataset'
import { rowsOfRun, runLabels } from '../../../core/dataset/draw'
import { holdOut } from '../../../core/dataset/holdout'
import { NormscopeError } from '../../../core/error'
import { unlabelled } from '../../../core/format/missing-labels'
import { decodePredictions, decodeWrong, knowsWrong } from '../../../core/study/predictions'
import type { RunRecord } from '../../../core/study/run'
import type { OpenSet } from '../dataset/open-set'

/** Images of a split that a run gets wrong at its end; those that it did not use are left out. */
export async function wrongImages(
  set: OpenSet,
  split: SplitName,
  id: string,
  runs: readonly RunRecord[]
): Promise<ReadonlySet<number>> {
  const run = runs.find((record) => record.id === id)
  if (!run || run.datasetId !== set.dataset.id) throw noSuchRun(set)
  const labels = await set.labels(split)
  if (!labels) throw unlabelled(set.dataset, split)
  if (!knowsWrong(run, split)) throw notKept(split)
  if (!run.heldOut) return new Set(wrongOf(run, split, labels))
  const { fraction, seed } = run.heldOut
  const parts = holdOut(labels, set.dataset.classNames.length, fraction, seed)
  return new Set(
    (['train', 'test'] as const).flatMap((part) => {
      const places = parts[part]
      const own = Int32Array.from(places, (place) => labels[place]!)
      return wrongOf(run, part, own).map((row) => places[row]!)
    })
  )
}

/** Places in a split of the run. */
function wrongOf(run: RunRecord, split: SplitName, labels: Int32Array): number[] {
  const { classes, limit } = run.config
  if (split === 'train') {
    const rows = rowsOfRun(labels, { classes, limit })
    return decodeWrong(run.wrongTraining!).map((at) => rows[at]!)
  }
  const rows = rowsOfRun(labels, { classes })
  const own = runLabels(labels, rows, classes)
  const guesses = decodePredictions(run.predictions!)
  return [...rows.filter((_, at) => guesses[at] !== own[at])]
}

function noSuchRun({ dataset }: OpenSet): NormscopeError {
  return new NormscopeError({
    code: 'no-such-run',
    message: `The run whose wrong images are asked for is not among the runs on ${dataset.name}. Choose another run in the filter.`
  })
}

function notKept(split: SplitName): NormscopeError {
  const name = split === 'train' ? 'training' : 'test'
  return new NormscopeError({
    code: 'no-predictions',
    message: `The run has kept nothing of which ${name} images it gets wrong: it did not finish, is of an older version, or has too many images. Train it again, or choose another run.`
  })
}
