import { z } from 'zod'
import type { ErrorFacts } from '../core/error'
import type { ResultTable } from '../core/experiment/kind'
import type { Figure, FigureSheet } from '../core/figure/figure'
import { ACTIVATIONS } from '../core/network/activations'
import type { ActivationId } from '../core/network/activations'
import { idsOf } from '../core/network/setting'
import { CHOICE_IDS } from '../core/preprocessing/preprocessing'
import type { ChoiceSpec } from '../core/preprocessing/preprocessing'
import { choiceSpec, runConfig } from '../core/study/config-schema'

const choices = z.array(choiceSpec).min(1).max(CHOICE_IDS.length)

/** What is asked of networks, trained or not. */
export const networkSchemas = {
  activations: z.strictObject({
    choices,
    activation: z.enum(idsOf(ACTIVATIONS)),
    /** past the last one: the last of each run */
    epoch: z.number().int().min(0),
    /** its seed is heeded; the choice and the activation are those asked for */
    config: runConfig,
    /** place among the measured layers; past the last one: the last; default 0 */
    layer: z.number().int().min(0).optional()
  }),
  /** one image in a layer of networks that have these choices, the activation and else the configuration */
  featureMaps: z.strictObject({
    split: z.enum(['train', 'test']),
    index: z.number().int().min(0),
    choices,
    activation: z.enum(idsOf(ACTIVATIONS)),
    config: runConfig,
    /** place among the measured layers; past the last one: the last */
    layer: z.number().int().min(0),
    /** a channel of the page that is shown */
    from: z.number().int().min(0),
    /** with the weights of the latest finished run, else with the initial ones */
    trained: z.boolean()
  }),
  /** the weights of such networks' first layers */
  filters: z.strictObject({
    choices,
    activation: z.enum(idsOf(ACTIVATIONS)),
    config: runConfig,
    from: z.number().int().min(0),
    /** divided by what the choice divides by */
    stored: z.boolean()
  })
} as const

/** Why a choice is left out. */
export interface ChoiceProblem {
  readonly choice: ChoiceSpec
  readonly error: ErrorFacts
}

export interface ActivationPanel {
  readonly choice: ChoiceSpec
  /** derivative curve with the histogram of pre-activations over it */
  readonly figure: Figure
  /** of z over the probe images */
  readonly std: number
  /** sqrt(n Var(w) E[x^2]); for initial weights only */
  readonly predictedStd?: number
  /** share of unit-samples with |f'(z)| < 5 % of max |f'| */
  readonly saturatedFraction: number
  /** where the pre-activations come from: a run, or initial weights computed on the spot */
  readonly runId?: string
}

export interface Activations {
  /** of the layer shown */
  readonly panels: readonly ActivationPanel[]
  /** rows: the activation asked for, tanh and sigmoid; one figure a choice each: unit (most saturated first) by epoch */
  readonly heatmaps: readonly {
    readonly activation: ActivationId
    readonly cells: readonly {
      readonly choice: ChoiceSpec
      readonly figure: Figure
      readonly runId?: string
    }[]
  }[]
  readonly problems: readonly ChoiceProblem[]
  /** last epoch any of the runs shown has reached */
  readonly lastEpoch: number
  /** the images all this was measured on, in words: '1,000 test images, 100 a class' */
  readonly probe: string
  /** those of the panels, the table and the maps alone */
  readonly panelProbe: string
  /** place of the layer shown */
  readonly layer: number
  /** every place where an activation is applied */
  readonly layers: readonly {
    readonly name: string
    /** within a sentence: 'the hidden layer' */
    readonly of: string
    /** '16 channels of 28 × 28' */
    readonly units: string
  }[]
  /** all layers after the epoch */
  readonly table: ResultTable
  /** layer by epoch: gradient norms, saturated and dead shares, where they were measured */
  readonly maps: readonly FigureSheet[]
  readonly notes: readonly string[]
}

/** Small pictures of what networks do or have; a page of them. */
export interface NetworkPicture {
  /** absent where there is nothing to show; the notes say why */
  readonly figure?: Figure
  /** first picture of the page, pictures in a row, and how many there are at all */
  readonly from: number
  readonly columns: number
  readonly count: number
  /** rows of the figure */
  readonly rows: number
  /** what is left out, and why */
  readonly notes: readonly string[]
  readonly problems: readonly ChoiceProblem[]
}

export interface NetworkOutputs {
  activations: Activations
  featureMaps: NetworkPicture
  filters: NetworkPicture
}
