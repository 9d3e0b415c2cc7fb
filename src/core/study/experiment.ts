import { z } from 'zod'
import type { RunConfig } from '../network/config'
import type { ChoiceSpec } from '../preprocessing/preprocessing'
import type { Curvature } from '../statistics/curvature'
import { choiceSpec } from './config-schema'
import { time } from './record-schema'

/** The images that a run trains on, where they are not all. */
export type TrainingImages = Pick<RunConfig, 'limit' | 'classes'>

/** What a choice makes of the training images, counted before any run. */
export interface InputFacts {
  readonly choice: ChoiceSpec
  /** over all values of all training images */
  readonly mean: number
  /** population std over the same */
  readonly std: number
  /** y = scale x + offset for every stored value x; absent where no one such map is the choice */
  readonly affine?: { readonly scale: number; readonly offset: number }
  /** where mean and std are of some images only: of how many */
  readonly sampledImages?: number
  /** for kinds that need it */
  readonly curvature?: Curvature
}

/** Shares of bright values are kept in as many parts of 1. */
export const BRIGHT_PARTS = 1000

/** The images themselves, for kinds that need it. */
export interface ImageFacts {
  readonly height: number
  readonly width: number
  readonly channels: number
  /** mean of the stored values at each place of the training images, in five digits */
  readonly pixelMeans: readonly number[]
  /** a stored value above this is bright: half of the greatest value of the type or of the images */
  readonly brightAbove: number
  /** class of each test image of a run, as its predictions are kept */
  readonly testLabels?: string
  /** thousandths of its values that are bright, for each of them, in the same form */
  readonly testBright?: string
}

/** What an experiment knows of its data set; kept with it, so that its outcome needs nothing else. */
export interface ExperimentFacts {
  /** values in one image */
  readonly features: number
  readonly classes: number
  readonly trainCount: number
  readonly testCount: number
  /** one for each choice that the kind names */
  readonly inputs: readonly InputFacts[]
  readonly images?: ImageFacts
}

/** Something that was asked of a data set by training, and the runs that answer it. */
export interface Experiment {
  readonly id: string
  /** as a person named it, or as its kind is called */
  readonly name: string
  /** id of a kind; one that this version does not know is kept */
  readonly kind: string
  /** what was asked, in the form of its kind */
  readonly ask: unknown
  readonly facts: ExperimentFacts
  readonly datasetId: string
  readonly datasetName: string
  /** milliseconds since 1970 */
  readonly createdAt: number
  /** a run may belong to several experiments */
  readonly runIds: readonly string[]
  /** a person stopped it: nothing more is queued for it */
  readonly cancelled?: boolean
}

const count = z.number().int().min(0)
const measured = z.custom<number>((value) => typeof value === 'number', 'a number')

/** The longest name an experiment can have, in letters. */
export const MAX_EXPERIMENT_NAME = 120

export const experimentName = z.string().trim().min(1).max(MAX_EXPERIMENT_NAME)

const experimentFacts: z.ZodType<ExperimentFacts> = z.object({
  features: count,
  classes: count,
  trainCount: count,
  testCount: count,
  inputs: z.array(
    z.object({
      choice: choiceSpec,
      mean: measured,
      std: measured,
      affine: z.object({ scale: z.number(), offset: z.number() }).optional(),
      sampledImages: count.optional(),
      curvature: z
        .object({
          largest: measured,
          smallest: measured.optional(),
          zero: count.optional(),
          condition: measured.optional(),
          inputs: count,
          images: count
        })
        .optional()
    })
  ),
  images: z
    .object({
      height: count,
      width: count,
      channels: count,
      pixelMeans: z.array(z.number()),
      brightAbove: z.number(),
      testLabels: z.string().optional(),
      testBright: z.string().optional()
    })
    .optional()
})

/** The schema of an experiment, in the journal and in study files. */
export const experimentRecord: z.ZodType<Experiment> = z.object({
  id: z.string().min(1),
  name: experimentName,
  kind: z.string().min(1),
  ask: z.unknown(),
  facts: experimentFacts,
  datasetId: z.string(),
  datasetName: z.string(),
  createdAt: time,
  runIds: z.array(z.string()),
  cancelled: z.boolean().optional()
})
