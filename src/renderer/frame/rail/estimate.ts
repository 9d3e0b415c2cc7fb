import { layersText } from '../../../core/network/layers/text'
import type { Dataset } from '../../../core/dataset/dataset'
import type { BackendId, RunRecord } from '../../../core/study/run'
import type { Settings } from '../../state/settings'

/** Said under the button when training is not native. */
export const BACKEND_LINES: Readonly<Record<Exclude<BackendId, 'tensorflow'>, string>> = {
  wasm: 'trains on WebAssembly: slower than native',
  cpu: 'trains in plain JavaScript: much slower than native'
}

/**
 * Seconds until all checked choices and seeds are trained, from the rate measured in runs on this
 * data of the same architecture and batch; undefined before there was one.
 */
export function estimateSeconds(
  settings: Settings,
  dataset: Dataset | undefined,
  runs: readonly RunRecord[],
  trainers: number
): number | undefined {
  if (!dataset) return undefined
  const { network } = settings
  const rates = runs
    .filter(
      (run) =>
        run.imagesPerSecond !== undefined &&
        run.config.batch === network.batch &&
        layersText(run.config.layers) === layersText(network.layers)
    )
    .map((run) => run.imagesPerSecond ?? 0)
    .sort((a, b) => a - b)
  const rate = rates[rates.length >> 1]
  if (!rate) return undefined
  const images = Math.min(dataset.splits.train.count, network.limit ?? Infinity)
  const runsAsked = settings.checked.length * network.seeds
  const rounds = Math.ceil(runsAsked / Math.max(1, trainers))
  return (rounds * images * network.epochs) / rate
}
