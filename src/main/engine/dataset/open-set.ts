import type { Dataset, SplitName } from '../../../core/dataset/dataset'
import { NormscopeError } from '../../../core/error'
import type { ChoiceSpec, FittedPreprocessing } from '../../../core/preprocessing/preprocessing'
import { imageMoments, overallMoments } from '../../../core/statistics/moments'
import type { MomentRows } from '../../../core/statistics/moments'
import type { Summary } from '../../../core/statistics/summary'
import { withTestSplit } from '../../data/store/holdout'
import { labelsIfAny } from '../../data/labels'
import { fitChoice, summarise } from './prepare'
import type { FitImages } from '../../statistics/slices'

/** Custom choices, bins and limits are without number. The fifteen choices of three splits all fit. */
const MAX_REMEMBERED = 128

/** The data set that is open, with what was computed of it; every figure is computed once. */
export class OpenSet {
  readonly #summaries = new Map<SplitName, Promise<Summary>>()
  readonly #fitted = new Map<string, Promise<FittedPreprocessing>>()
  readonly #labels = new Map<SplitName, Promise<Int32Array | undefined>>()
  readonly #moments = new Map<SplitName, Promise<MomentRows>>()
  readonly #others = new Map<string, Promise<unknown>>()

  #dataset: Dataset

  constructor(dataset: Dataset) {
    this.#dataset = dataset
  }

  get dataset(): Dataset {
    return this.#dataset
  }

  /** The same set with other names of its classes: what was computed stays. */
  rename(dataset: Dataset): void {
    this.#dataset = dataset
    this.#others.delete('training set')
  }

  summary(split: SplitName): Promise<Summary> {
    this.count(split)
    return memoise(this.#summaries, split, () => summarise(this.dataset, split))
  }

  /**
   * The set as runs use it: with images held out for testing where it has no test images with labels.
   * Throws NormscopeError 'unlabelled' where it cannot be trained on.
   */
  trainingSet(): Promise<Dataset> {
    return this.remember('training set', () => withTestSplit(this.dataset))
  }

  /** This set, and what was held out of it for runs. */
  async inUse(): Promise<Dataset[]> {
    const held = await this.#others.get('training set')?.catch(() => undefined)
    return held === undefined ? [this.dataset] : [this.dataset, held as Dataset]
  }

  /** Summary of the images that a run trains on. */
  async trainingSummary(images: FitImages): Promise<Summary> {
    const { limit, classes } = images
    const dataset = await this.trainingSet()
    const whole = limit === undefined && classes === undefined && dataset === this.dataset
    if (whole) return this.summary('train')
    const key = `summary for training ${JSON.stringify({ limit, classes })}`
    return this.remember(key, () => summarise(dataset, 'train', images))
  }

  /** Summary of the images that a run is tested on. */
  async testSummary({ classes }: FitImages): Promise<Summary> {
    const dataset = await this.trainingSet()
    return this.remember(`summary for testing ${JSON.stringify({ classes })}`, () =>
      summarise(dataset, 'test', { classes })
    )
  }

  fitted(choice: ChoiceSpec): Promise<FittedPreprocessing> {
    return memoise(this.#fitted, JSON.stringify(choice), async () =>
      fitChoice(this.dataset, choice, await this.summary('train'))
    )
  }

  /** As runs have it: fitted on the images that they train on. */
  async fittedForRuns(choice: ChoiceSpec, { limit, classes }: FitImages) {
    const dataset = await this.trainingSet()
    const images = { limit, classes }
    const whole = limit === undefined && classes === undefined && dataset === this.dataset
    if (whole) return this.fitted(choice)
    return this.remember(`fitted for training ${JSON.stringify([choice, images])}`, async () =>
      fitChoice(dataset, choice, await this.trainingSummary(images), images)
    )
  }

  /** undefined where the split has no labels */
  labels(split: SplitName): Promise<Int32Array | undefined> {
    this.count(split)
    return memoise(this.#labels, split, () => labelsIfAny(this.dataset, split))
  }

  imageMoments(split: SplitName): Promise<MomentRows> {
    return memoise(this.#moments, split, async () => imageMoments(await this.summary(split)))
  }

  async overallMoments(split: SplitName): Promise<NonNullable<ReturnType<typeof overallMoments>>> {
    const moments = overallMoments(await this.summary(split))
    if (moments) return moments
    throw new NormscopeError({ code: 'no-images', message: `The ${split} split has no images.` })
  }

  /** What is made once under a key that tells it from everything else. */
  remember<V>(key: string, make: () => Promise<V>): Promise<V> {
    return memoise(this.#others as Map<string, Promise<V>>, key, make)
  }

  /** Number of images; throws where the data set has no such split. */
  count(split: SplitName): number {
    const found = this.dataset.splits[split]
    if (found) return found.count
    throw new NormscopeError({
      code: 'no-test-split',
      message: `${this.dataset.name} has no test images. For training, some of its images are held out for testing.`
    })
  }
}

/** The value made for a key; a failure is not remembered, and what was asked for longest ago is forgotten. */
function memoise<K, V>(known: Map<K, Promise<V>>, key: K, make: () => Promise<V>): Promise<V> {
  const found = known.get(key)
  const value = found ?? make()
  // a Map keeps its keys in the order in which they came
  known.delete(key)
  known.set(key, value)
  if (found) return value
  for (const oldest of known.keys()) {
    if (known.size <= MAX_REMEMBERED) break
    known.delete(oldest)
  }
  value.catch(() => {
    if (known.get(key) === value) known.delete(key)
  })
  return value
}
