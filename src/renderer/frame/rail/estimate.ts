import { checkedOn } from '../../../core/network/layers/checked'
import { layersText } from '../../../core/network/layers/text'
import type { Dataset } from '../../../core/dataset/dataset'
import type { BackendId, RunRecord } from '../../../core/study/run'
import type { NetworkSettings, Settings } from '../../state/settings'

/** Said under the button when training is not native. */
export const BACKEND_LINES: Readonly<Record<Exclude<BackendId, 'tensorflow'>, string>> = {
  wasm: 'trains on WebAssembly: slower than native',
  cpu: 'trains in plain JavaScript: much slower than native'
}

/** How long training will take, and what is known of it. */
export interface Estimate {
  readonly seconds: number
  /** measured: with runs of this network; work: with runs of others, by their multiply-adds */
  readonly by: 'measured' | 'work'
}

/**
 * Until all checked choices and seeds are trained, from the rates of runs on this data with this batch:
 * of the same architecture, or else of that whose work for an image is nearest, in proportion to the work.
 * Undefined before anything was measured, and for a network that cannot be on this data.
 */
export function trainingEstimate(
  settings: Settings,
  dataset: Dataset | undefined,
  runs: readonly RunRecord[],
  trainers: number
): Estimate | undefined {
  if (!dataset) return undefined
  const { network } = settings
  const rate = rateOf(network, dataset, runs)
  if (!rate) return undefined
  const images = Math.min(dataset.splits.train.count, network.limit ?? Infinity)
  const runsAsked = settings.checked.length * network.seeds
  const rounds = Math.ceil(runsAsked / Math.max(1, trainers))
  return { seconds: (rounds * images * network.epochs) / rate.imagesPerSecond, by: rate.by }
}

interface Rate {
  readonly imagesPerSecond: number
  readonly by: Estimate['by']
}

function rateOf(
  network: NetworkSettings,
  dataset: Dataset,
  runs: readonly RunRecord[]
): Rate | undefined {
  const measured = runs.flatMap(({ config, imagesPerSecond }) =>
    imagesPerSecond !== undefined && config.batch === network.batch
      ? [{ text: layersText(config.layers), config, imagesPerSecond }]
      : []
  )
  const text = layersText(network.layers)
  const same = median(measured.filter((run) => run.text === text))
  if (same !== undefined) return { imagesPerSecond: same, by: 'measured' }
  const work = workOf(network, dataset)
  if (work === undefined) return undefined
  const distance = (other: number): number => Math.abs(Math.log(other / work))
  const others = [...new Map(measured.map((run) => [run.text, run])).values()].flatMap((run) => {
    const its = workOf(run.config, dataset)
    return its === undefined ? [] : [{ text: run.text, work: its }]
  })
  const [nearest] = others.sort((a, b) => distance(a.work) - distance(b.work))
  if (!nearest) return undefined
  const its = median(measured.filter((run) => run.text === nearest.text))!
  return { imagesPerSecond: (its * nearest.work) / work, by: 'work' }
}

function median(runs: readonly { readonly imagesPerSecond: number }[]): number | undefined {
  const rates = runs.map(({ imagesPerSecond }) => imagesPerSecond).sort((a, b) => a - b)
  return rates[rates.length >> 1]
}

/** Multiply-adds for one image; undefined for a network that cannot be. */
function workOf(
  config: Pick<NetworkSettings, 'layers' | 'activation' | 'output' | 'classes'>,
  dataset: Dataset
): number | undefined {
  const { plan } = checkedOn(config, dataset)
  return plan?.layers.reduce((sum, { work }) => sum + work, 0)
}
