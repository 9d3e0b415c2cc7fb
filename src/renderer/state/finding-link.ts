import type { SplitName } from '../../core/dataset/dataset'
import type { Finding, Seen } from '../../core/explanation/finding'
import { knowsWrong } from '../../core/study/predictions'
import type { RunRecord } from '../../core/study/run'
import type { Workbench } from './workbench.svelte'

type Place = Seen['in']

const LABELS: Readonly<Record<Place, string>> = {
  activations: 'Show the units',
  pixels: 'Show the pixels',
  training: 'Show the curves',
  images: 'Show the images'
}

/** Images that were held out are training images of the data set. */
const splitOf = (images: Finding['images'], { heldOut }: RunRecord): SplitName =>
  heldOut ? 'train' : (images?.split ?? 'train')

const showsWrong = (images: Finding['images'], run: RunRecord): boolean =>
  images?.wrong === true && knowsWrong(run, splitOf(images, run))

/** What each view is set to, so that it shows the finding. */
const PREPARE: Readonly<Record<Place, (on: Workbench, finding: Finding, run: RunRecord) => void>> =
  {
    activations({ settings, looking, notices }, { seen, layer }, { config }) {
      if (settings.lookAt(config, { network: true }).network) {
        notices.show('info', 'The network is set to that of the run. Undo takes it back.')
      }
      const { activation, seed } = config
      looking.openOnUnits({ activation, seed, layer, epoch: seen?.epoch })
    },
    pixels: ({ settings }, _, { config }) => void settings.lookAt(config),
    training({ experiments, looking, subject }, _, { id }) {
      // of several, the one with the fewest other curves
      const [fewest] = experiments
        .of(subject)
        .filter(({ runIds }) => runIds.includes(id))
        .sort((a, b) => a.runIds.length - b.runIds.length)
      looking.openOnExperiment(fewest?.id)
    },
    images({ settings, filters }, { images }, run) {
      settings.lookAt(run.config)
      filters.clear()
      filters.setSplit(splitOf(images, run))
      if (images?.class !== undefined) filters.setClasses([images.class])
      if (showsWrong(images, run)) filters.setWrongIn(run.id)
    }
  }

/** The way to what shows a finding; none where nothing does, or its images are not open. */
export function findingLink(
  workbench: Workbench,
  finding: Finding,
  run: RunRecord
): { readonly label: string; readonly run: () => void } | undefined {
  const place = finding.seen?.in
  if (!place || place === workbench.view) return undefined
  if (place !== 'training' && workbench.dataset?.id !== run.datasetId) return undefined
  return {
    label: showsWrong(finding.images, run) ? 'Show the wrong images' : LABELS[place],
    run() {
      PREPARE[place](workbench, finding, run)
      workbench.show(place)
    }
  }
}
