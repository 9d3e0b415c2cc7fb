import { z } from 'zod'
import type { Limits } from '../limits'
import type { RunConfig } from '../network/config'
import { isOption } from '../network/layers/layer'
import { LAYER_KIND_IDS, layerKindOf, layerSpec } from '../network/layers/layers'
import { factorCount } from '../network/layers/plan'
import { OUTPUTS } from '../network/outputs'
import { idsOf, parametersOf } from '../network/setting'
import { DECAYS, LAYER_FACTORS, SETTINGS, START_BIASES } from '../network/settings'
import { NETWORK } from '../network/tables'
import type { NetworkTables } from '../network/tables'
import { CHOICES, constantsOf } from '../preprocessing/choices'
import type { ChoiceRecord } from '../preprocessing/choices'
import { AS_CHOSEN } from '../preprocessing/input'
import type { ChoiceSpec } from '../preprocessing/preprocessing'

const finite = z.number().refine(Number.isFinite, 'a finite number')

/** as many as there are choices, and as many with constants of a person */
const MAX_TEST_CHOICES = 2 * CHOICES.length

/** one number a channel at most */
const MAX_CHANNELS = 3

/** A choice by its name, with what a person gives with it. */
export const choiceSpec = z.union(
  CHOICES.map((record: ChoiceRecord) =>
    z.strictObject({
      id: z.literal(record.id),
      ...Object.fromEntries(
        Object.entries(constantsOf(record)).map(([key, { nonZero }]) => {
          const constant = nonZero ? finite.refine((value) => value !== 0, 'not 0') : finite
          return [key, z.array(constant).min(1).max(MAX_CHANNELS)]
        })
      )
    })
  )
) as unknown as z.ZodType<ChoiceSpec>

/** A number within limits. */
export function numberWithin({ min, above, max, integer }: Limits): z.ZodNumber {
  let schema = integer ? z.number().int() : z.number()
  if (min !== undefined) schema = schema.min(min)
  if (above !== undefined) schema = schema.gt(above)
  return max === undefined ? schema : schema.max(max)
}

/** The parameters of a table; one that a file of an earlier version lacks has its default. */
function parameters(table: NetworkTables[keyof NetworkTables]): Record<string, z.ZodType<number>> {
  return Object.fromEntries(
    Object.entries(parametersOf(table)).map(([key, { limits, default: value }]) => [
      key,
      numberWithin(limits).default(value)
    ])
  )
}

const { layers, learningRate, batch, epochs, seed, limit, probeImages, ...more } = SETTINGS
const FACTORS = 'one factor per layer with a kernel: hidden layers first, output last'

const factors = ({ limits }: { readonly limits: Limits }) =>
  z.array(numberWithin(limits)).max(layers.most + 1)

/** One layer: its fields, those that are not given as its kind has them. */
const layerOf = (tables: NetworkTables) =>
  z.union(
    LAYER_KIND_IDS.map((id) => {
      const { fields } = layerKindOf(id)
      const values = Object.entries(fields).map(([key, field]) => [
        key,
        isOption(field) ? z.enum(idsOf(field.options)) : numberWithin(field.limits)
      ])
      return z
        .strictObject({
          kind: z.literal(id),
          activation: z.enum(idsOf(tables.activation)).optional(),
          ...Object.fromEntries(
            values.map(([key, value]) => [key, (value as z.ZodType).optional()])
          )
        })
        .refine(
          ({ activation }) => activation === undefined || layerKindOf(id).activates !== 'never',
          `${id} has no activation`
        )
        .transform(({ kind, activation, ...given }) =>
          layerSpec(kind as never, given as never, activation as never)
        )
    })
  )

/** Files of earlier versions have `hidden`, the units of each dense layer. */
function withLayers(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || !('hidden' in given) || 'layers' in given)
    return given
  const { hidden, ...rest } = given
  return {
    ...rest,
    layers: Array.isArray(hidden)
      ? hidden.map((units) => ({ kind: 'dense', units: units as unknown }))
      : hidden
  }
}

/** The schema of configurations made of the records of some tables. */
export function configSchema(tables: NetworkTables): z.ZodType<RunConfig> {
  const oneOf = (kind: keyof NetworkTables) => z.enum(idsOf(tables[kind]))
  const layer = layerOf(tables)
  const strict = z
    .strictObject({
      choice: choiceSpec,
      input: z
        .strictObject({ scale: numberWithin(more.inputScale.limits), offset: finite })
        .default(AS_CHOSEN),
      startBias: z.enum(idsOf(START_BIASES)).default('zero'),
      layers: z.array(layer).max(layers.most),
      activation: oneOf('activation'),
      ...parameters(tables.activation),
      initialiser: oneOf('initialiser'),
      ...parameters(tables.initialiser),
      initFactors: factors(more.initFactors),
      stepFactors: factors(more.stepFactors),
      // files of earlier versions have neither
      epsilonFactors: factors(more.epsilonFactors).optional(),
      decayFactors: factors(more.decayFactors).optional(),
      optimiser: z.strictObject({
        id: oneOf('optimiser'),
        learningRate: numberWithin(learningRate.limits),
        ...parameters(tables.optimiser)
      }),
      weightDecay: z.strictObject({
        kind: z.enum(idsOf(DECAYS)),
        factor: numberWithin(more.weightDecay.limits)
      }),
      loss: oneOf('loss'),
      ...parameters(tables.loss),
      output: z.enum(idsOf(OUTPUTS)),
      classes: z.tuple([z.number().int().min(0), z.number().int().min(0)]).optional(),
      batch: numberWithin(batch.limits),
      epochs: numberWithin(epochs.limits),
      seed: numberWithin(seed.limits),
      limit: numberWithin(limit.limits).optional(),
      testChoices: z.array(choiceSpec).min(1).max(MAX_TEST_CHOICES).optional(),
      probeImages: numberWithin(probeImages.limits)
    })
    .transform((config) => {
      const ones = new Array<number>(factorCount(config.layers)).fill(1)
      return {
        ...config,
        epsilonFactors: config.epsilonFactors ?? ones,
        decayFactors: config.decayFactors ?? ones
      }
    })
    .superRefine((config, context) => {
      for (const key of LAYER_FACTORS) {
        if (config[key].length === factorCount(config.layers)) continue
        context.addIssue({ code: 'custom', path: [key], message: FACTORS })
      }
    })
  // ids and parameters of tables that are passed in are known at run time only
  return z.preprocess(withLayers, strict) as unknown as z.ZodType<RunConfig>
}

/** The schema of a run's configuration, for the contract and for study files alike. */
export const runConfig = configSchema(NETWORK)
