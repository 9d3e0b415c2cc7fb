import { z } from 'zod'
import { ACTIVATION_IDS, INITIALISER_IDS, LOSS_IDS, OPTIMISER_IDS } from '../network/config'
import type { RunConfig } from '../network/config'
import { CHOICE_IDS } from '../preprocessing/preprocessing'
import type { ChoiceSpec } from '../preprocessing/preprocessing'

const finite = z.number().refine(Number.isFinite, 'a finite number')
const positive = finite.refine((value) => value > 0, 'greater than 0')
const notNegative = finite.refine((value) => value >= 0, '0 or greater')
const count = z.number().int().min(1)

export const choiceSpec: z.ZodType<ChoiceSpec> = z.union([
  z.strictObject({ id: z.enum(CHOICE_IDS).exclude(['custom']) }),
  z.strictObject({
    id: z.literal('custom'),
    centre: z.array(finite).min(1),
    divisor: z.array(finite.refine((value) => value !== 0, 'not 0')).min(1)
  })
])

/** The schema of a run's configuration, for the contract and for study files alike. */
export const runConfig: z.ZodType<RunConfig> = z
  .strictObject({
    choice: choiceSpec,
    hidden: z.array(count.max(8192)).max(16),
    activation: z.enum(ACTIVATION_IDS),
    leakySlope: notNegative.max(1),
    initialiser: z.enum(INITIALISER_IDS),
    initialStd: positive,
    initFactors: z.array(positive),
    stepFactors: z.array(notNegative),
    optimiser: z.strictObject({
      id: z.enum(OPTIMISER_IDS),
      learningRate: positive,
      momentum: notNegative.max(0.9999),
      rho: notNegative.max(0.9999),
      beta1: notNegative.max(0.9999),
      beta2: notNegative.max(0.999999),
      epsilon: positive
    }),
    weightDecay: z.strictObject({ kind: z.enum(['l2', 'decoupled']), factor: notNegative }),
    loss: z.enum(LOSS_IDS),
    output: z.enum(['softmax', 'sigmoid']),
    classes: z.tuple([z.number().int().min(0), z.number().int().min(0)]).optional(),
    batch: count.max(65536),
    epochs: count.max(10000),
    seed: z.number().int().min(0).max(4294967295),
    limit: count.optional(),
    probeImages: count.max(100000)
  })
  .refine((config) => config.initFactors.length === config.hidden.length + 1, {
    path: ['initFactors'],
    message: 'one factor per layer: hidden layers first, output last'
  })
  .refine((config) => config.stepFactors.length === config.hidden.length + 1, {
    path: ['stepFactors'],
    message: 'one factor per layer: hidden layers first, output last'
  })
