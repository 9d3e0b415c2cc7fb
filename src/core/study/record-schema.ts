import { z } from 'zod'
import { SPLIT_NAMES } from '../dataset/dataset'
import { ACTIVATIONS } from '../network/activations'
import { idsOf } from '../network/setting'
import type { InputSummary } from '../preprocessing/input-summary'
import type { EpochRecord, LayerRecord, RunRecord } from './run'
import { choiceSpec, runConfig } from './config-schema'

/** A measured number; that of a diverged run may be NaN or infinite. */
export const measured = z.custom<number>((value) => typeof value === 'number', 'a number')
const fraction = z.number().min(0).max(1)
const count = z.number().int().min(0)
/** Milliseconds since 1970, as far as a Date reaches. */
export const time = z.number().min(0).max(8.64e15)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal digits')

/** The schema of an error's facts. */
export const errorSchema = z.object({
  code: z.string(),
  message: z.string(),
  path: z.string().optional(),
  expected: z.string().optional(),
  actual: z.string().optional(),
  hint: z.string().optional()
})

const layerRecord: z.ZodType<LayerRecord> = z.object({
  name: z.string().optional(),
  activation: z.enum(idsOf(ACTIVATIONS)).optional(),
  units: count,
  saturation: z.array(fraction),
  deadUnitFraction: fraction.optional(),
  preactivation: z.object({
    mean: measured,
    std: measured,
    min: measured,
    max: measured,
    counts: z.array(count)
  })
})

export const traceSchema = z.object({
  fraction: z.array(fraction),
  loss: z.array(measured),
  accuracy: z.array(fraction)
})

/** The schema of an epoch's record. */
export const epochRecord: z.ZodType<EpochRecord> = z.object({
  epoch: count,
  trainLoss: measured,
  trainAccuracy: measured,
  testLoss: measured.optional(),
  testAccuracy: measured.optional(),
  balancedAccuracy: measured.optional(),
  trace: traceSchema.optional(),
  zeroGradientFraction: measured,
  trappedFraction: measured.optional(),
  learnedFraction: measured.optional(),
  deadUnitFraction: fraction.optional(),
  saturatedFraction: fraction.optional(),
  gradientNorms: z.array(measured),
  layers: z.array(layerRecord),
  seconds: measured,
  imagesPerSecond: measured.optional()
})

const inputSummary: z.ZodType<InputSummary> = z.object({
  features: count,
  shape: z.tuple([count, count, count]).optional(),
  channelStd: z.array(measured).optional(),
  mean: measured,
  std: measured,
  secondMoment: measured,
  constantFeatures: count,
  featureStd: z.object({ median: measured, max: measured }),
  featureRange: z.object({ median: measured, max: measured }),
  effectiveBySecondMoment: measured,
  effectiveByVariance: measured,
  stored: z.object({
    type: z.enum(['uint8', 'uint16', 'float32']),
    min: measured,
    max: measured,
    mean: z.array(measured),
    std: z.array(measured)
  }),
  test: z.object({ shift: measured, spread: measured }).optional(),
  sampledImages: count.optional()
})

/** The images that a run's layers were looked at with. */
export const probeSchema = z.object({ split: z.enum(SPLIT_NAMES), count, seed: count })

export const divergenceSchema = z.object({ epoch: count, step: count, reason: z.string() })

/** What a finished run has beside its epochs. */
export const runResults = z.object({
  confusion: z.array(z.array(count)).optional(),
  predictions: z.base64().optional(),
  wrongTraining: z.base64().optional(),
  pulls: z
    .object({ start: z.array(fraction).optional(), end: z.array(fraction).optional() })
    .optional(),
  testedUnder: z.array(z.object({ choice: choiceSpec, accuracy: fraction })).optional()
})

/** The schema of a run's record, in the journal and in study files. */
export const runRecord: z.ZodType<RunRecord> = z.object({
  id: z.string().min(1),
  config: runConfig,
  datasetId: z.string(),
  datasetName: z.string(),
  trainCount: count,
  testCount: count,
  trainClassCounts: z.array(count).optional(),
  testClassCounts: z.array(count).optional(),
  heldOut: z.object({ fraction, seed: count }).optional(),
  status: z.enum(['queued', 'running', 'paused', 'finished', 'diverged', 'cancelled', 'failed']),
  backend: z.enum(['tensorflow', 'wasm', 'cpu']).optional(),
  tensorflowVersion: z.string().optional(),
  node: z.string().optional(),
  notes: z.array(z.string()),
  preprocessing: z.record(z.string(), z.array(measured)),
  inputSummary: inputSummary.optional(),
  epochs: z.array(epochRecord),
  divergence: divergenceSchema.optional(),
  error: errorSchema.optional(),
  lostAt: count.optional(),
  probe: probeSchema.optional(),
  ...runResults.shape,
  weightsSha256: sha256.optional(),
  imagesPerSecond: measured.optional(),
  createdAt: time,
  endedAt: time.optional(),
  groupId: z.string()
})
