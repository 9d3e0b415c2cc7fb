import { drawProbe, rowsOfRun, runLabels } from '../../core/dataset/draw'
import { BYTES_PER_PIXEL, featuresOf } from '../../core/dataset/dataset'
import type { Dataset, SplitName } from '../../core/dataset/dataset'
import { NormscopeError } from '../../core/error'
import type { RunConfig } from '../../core/network/config'
import { imagesOf, planOn } from '../../core/network/layers/plan'
import type { NetworkPlan } from '../../core/network/layers/plan'
import { outputOf } from '../../core/network/outputs'
import { PixelsInFile } from '../data/pixels-in-file'
import { readLabels } from '../data/labels'
import { readRows, readRowsAt } from '../data/rows'
import { noImages } from './session'
import type { LabelledImages, Probe } from './session'

/** The images a run trains on and is tested on. */
export interface RunImages {
  readonly train: LabelledImages
  readonly test: LabelledImages
  /** drawn from the test images, or from the training images where there are none */
  readonly probe: Probe
  /** 2 or more */
  readonly classes: number
  readonly plan: NetworkPlan
}

/** Images of which some may be in their files. */
interface LoadedImages extends RunImages {
  /** lets go of files */
  close(): void
}

/** Bytes of a split's pixels that are held in memory, at most: of a whole split, and of images drawn from one. */
export interface MostHeld {
  readonly whole: number
  readonly drawn: number
}

/** More stay in their file, and are read in parts. */
const MOST_HELD: MostHeld = { whole: 2 ** 27, drawn: 2 ** 27 }

/** For who copies the images anyway: memory that is new to the process costs more than reading. */
export const NONE_HELD_WHOLE: MostHeld = { ...MOST_HELD, whole: 0 }

/** Both splits; `limit` and `classes` of the configuration are heeded. */
export async function loadImages(
  dataset: Dataset,
  config: RunConfig,
  mostHeld = MOST_HELD
): Promise<LoadedImages> {
  const [, classes] = imagesOf(config, dataset)
  checkClasses(dataset, config, classes)
  const plan = planOn(config, dataset)
  const { train, test } = await loadSplits(dataset, config, mostHeld)
  const split = test.count > 0 ? 'test' : 'train'
  const { labels } = split === 'test' ? test : train
  const probe = { split, rows: drawProbe(labels, config.probeImages) } as const
  const close = (): void => {
    for (const { pixels } of [train, test]) if (pixels instanceof PixelsInFile) pixels.close()
  }
  return { train, test, probe, classes, plan, close }
}

interface Splits {
  readonly train: LabelledImages
  readonly test: LabelledImages
}

/** The splits of the run before: runs of one comparison have the same images. */
let before: (Splits & { readonly of: string }) | undefined

async function loadSplits(
  dataset: Dataset,
  { limit, classes }: RunConfig,
  mostHeld: MostHeld
): Promise<Splits> {
  const of = JSON.stringify([dataset, limit, classes, mostHeld])
  if (before?.of === of) return before
  before = undefined
  const train = await loadSplit(dataset, 'train', { limit, classes }, mostHeld)
  const test = dataset.splits.test
    ? await loadSplit(dataset, 'test', { classes }, mostHeld)
    : noImages(train)
  before = { of, train, test }
  return before
}

function checkClasses(
  { classNames }: Dataset,
  { classes, output }: Pick<RunConfig, 'classes' | 'output'>,
  count: number
): void {
  if (classes && (classes[0] === classes[1] || classes.some((at) => at >= classNames.length))) {
    throw new NormscopeError({
      code: 'bad-classes',
      message: `Classes ${classes.join(' and ')} were asked for; choose two different ones from 0 to ${classNames.length - 1}.`,
      expected: `two of 0 to ${classNames.length - 1}`,
      actual: classes.join(', ')
    })
  }
  const { classes: most = count } = outputOf(output)
  if (count !== most) {
    throw new NormscopeError({
      code: 'too-many-classes',
      message: `A sigmoid output tells two classes apart, and this data set has ${count}. Choose two classes, or the softmax output.`,
      expected: '2 classes',
      actual: `${count} classes`
    })
  }
}

async function loadSplit(
  dataset: Dataset,
  split: SplitName,
  wanted: Pick<RunConfig, 'limit' | 'classes'>,
  mostHeld: MostHeld
): Promise<LabelledImages> {
  const all = await readLabels(dataset, split)
  const { classes } = wanted
  const rows = rowsOfRun(all, wanted)
  const count = rows.length
  if (count === 0 && classes) {
    throw new NormscopeError({
      code: 'no-images-of-classes',
      message: `The ${split} images have none of the classes ${classes.join(' and ')}. Choose two of the ${dataset.classNames.length} classes, numbered from 0.`
    })
  }
  const labels = runLabels(all, rows, classes)
  const whole = count === all.length
  const bytes = count * featuresOf(dataset) * BYTES_PER_PIXEL[dataset.dtype]
  if (bytes > (whole ? mostHeld.whole : mostHeld.drawn)) {
    return { count, pixels: new PixelsInFile(dataset, split, whole ? undefined : rows), labels }
  }
  const pixels = await (whole
    ? readRows(dataset, split, 0, count)
    : readRowsAt(dataset, split, rows))
  return { count, pixels, labels }
}
