import { describe, expect, it } from 'vitest'
import { CLAIMS } from '../../../src/core/experiment/claims/claims'
import { configOf } from '../../../src/core/experiment/claims/claim'
import type { Bench, Change, Claim } from '../../../src/core/experiment/claims/claim'
import { CLAIMS_KIND } from '../../../src/core/experiment/kinds/claims'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { ChoiceId } from '../../../src/core/preprocessing/preprocessing'
import type { ExperimentFacts } from '../../../src/core/study/experiment'
import { encodePredictions } from '../../../src/core/study/predictions'
import type { RunRecord } from '../../../src/core/study/run'
import { runRecord } from '../../renderer/fixtures/runs'

const SEEDS = [0, 1, 2]
const CALLED = ['unit', 'standardised', 'per-image', 'per-image-length'] as const

// 2 x 2 pixels: the first is bright; classes 0 and 1, six test images each
const labels = Int32Array.from([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
const bright = Int32Array.from([0, 0, 0, 250, 500, 750, 0, 0, 0, 250, 500, 750])
const facts: ExperimentFacts = {
  ...{ features: 4, classes: 3, trainCount: 100, testCount: 12 },
  inputs: [
    { choice: { id: 'raw' }, mean: 70, std: 90, affine: { scale: 1, offset: 0 } },
    ...CALLED.map((id) => ({
      ...{ choice: { id }, mean: 0, std: 1 },
      ...(id === 'unit' && { affine: { scale: 1 / 255, offset: 0 } })
    }))
  ],
  images: {
    ...{ height: 2, width: 2, channels: 1, pixelMeans: [223, 10, 10, 10], brightAbove: 127.5 },
    testLabels: encodePredictions(labels),
    testBright: encodePredictions(bright)
  }
}

type Own = Partial<Omit<RunRecord, 'config'>>
type Told = { readonly accuracy?: number; readonly start?: number; readonly end?: number } & Own

/** A bench whose runs say what `tell` says of their configuration; seeds spread by a tenth of a point. */
function benchOf(
  record: Claim,
  tell: (change: Change, bench: Bench) => Told,
  more: Partial<Bench> = {}
): Bench {
  const empty: Bench = { config: TUTORIAL_CONFIG, seeds: SEEDS, facts, runs: [], ...more }
  const train = (bench: Bench): RunRecord[] =>
    record.cells(bench).flatMap((change) =>
      SEEDS.map((seed) => {
        const config = configOf(bench, change, seed)
        const { accuracy = 0.8, start = 0, end = 0, ...own } = tell(config, bench)
        const run = runRecord({ ...own, config }, [0.1, accuracy + (seed - 1) / 1000])
        const [before, after] = run.epochs
        return {
          ...run,
          config,
          epochs: [
            { ...before!, saturatedFraction: start },
            { ...after!, saturatedFraction: end }
          ]
        }
      })
    )
  const first = { ...empty, runs: train(empty) }
  return { ...first, runs: train(first) }
}

const named = (id: (typeof CLAIMS)[number]['id']): Claim => CLAIMS.find((one) => one.id === id)!
const isRaw = ({ choice }: Change): boolean => choice?.id === 'raw'

/** The verdict of a claim where runs end as `accuracy` says. */
function verdict(
  id: (typeof CLAIMS)[number]['id'],
  tell: (change: Change, bench: Bench) => Told,
  more?: Partial<Bench>
) {
  const record = named(id)
  return record.judge(benchOf(record, tell, more))
}

describe('the same scale', () => {
  it('is no reason where dividing helps under both losses', () => {
    const found = verdict('same-scale', (change) => ({ accuracy: isRaw(change) ? 0.7 : 0.86 }))
    expect(found.verdict).toBe('false')
    expect(found.sentence).toContain('86.0 % where the stored ones reach 70.0 % (+16.0 points)')
  })

  it('depends on the loss where it helps under the clipped one only', () => {
    const found = verdict('same-scale', (change) => ({
      accuracy: isRaw(change) && change.loss === 'clipped' ? 0.1 : 0.86
    }))
    expect(found.verdict).toBe('depends')
    expect(found.sentence).toContain('under the clipped loss only')
  })

  it('is a reason where dividing changes nothing beyond the spread over seeds', () => {
    expect(verdict('same-scale', () => ({ accuracy: 0.86 })).verdict).toBe('true')
  })

  it('is not judged where nothing is divided, nor where a run did not finish', () => {
    const inputs = facts.inputs.map((input) => ({ ...input, affine: { scale: 1, offset: 0 } }))
    const divided = { facts: { ...facts, inputs } }
    expect(verdict('same-scale', () => ({}), divided)).toMatchObject({ verdict: 'open' })
    expect(verdict('same-scale', () => ({ status: 'cancelled' })).verdict).toBe('open')
  })
})

describe('weights and decay by the range', () => {
  // the kernel that is set for the stored range has its initial weights divided by 255
  const moved = ({ initFactors }: Change): boolean => initFactors![0] !== 1

  it('hold where the moved network does as the divided one, and a decay that stays does not', () => {
    const found = verdict('weights-and-range', (change) => {
      if (change.weightDecay!.factor > 0) {
        const stays = moved(change) && change.decayFactors![0] === 1
        return { accuracy: stays ? 0.86 : 0.82 }
      }
      return { accuracy: isRaw(change) && !moved(change) ? 0.7 : 0.86 }
    })
    expect(found.verdict).toBe('true')
  })

  it('sets the first kernel as the identity says: weights / 255, rate and epsilon of Adam too', () => {
    const record = named('weights-and-range')
    const cells = record.cells({ config: TUTORIAL_CONFIG, seeds: SEEDS, facts, runs: [] })
    const [kernel] = cells.filter((change) => isRaw(change) && change.initFactors)
    expect(kernel!.initFactors![0]).toBeCloseTo(1 / 255, 12)
    expect(kernel!.stepFactors![0]).toBeCloseTo(1 / 255, 12)
    expect(kernel!.epsilonFactors![0]).toBeCloseTo(255, 9)
    expect(kernel!.decayFactors![0]).toBeCloseTo(255 ** 2, 6)
    expect(kernel!.initFactors![1]).toBe(1)
  })

  it('do not where neither changes a thing', () => {
    expect(verdict('weights-and-range', () => ({ accuracy: 0.86 })).verdict).toBe('false')
  })
})

describe('saturation', () => {
  const saturated = (end: number) => (change: Change) => ({
    accuracy: isRaw(change) ? 0.68 : 0.85,
    start: isRaw(change) ? 0.98 : 0.01,
    end: change.choice!.id === 'standardised' ? end : 0.1
  })

  it('slows where stored pixels saturate and end lower', () => {
    expect(verdict('saturation-slows', saturated(0.2)).verdict).toBe('true')
  })

  it('is no fault by itself where a standardised input saturates and does well', () => {
    const found = verdict('saturation-slows', saturated(0.81))
    expect(found.verdict).toBe('depends')
    expect(found.sentence).toContain('Saturation alone does not decide')
  })

  it('is no cause where accuracy is the same', () => {
    const alike = (change: Change) => ({ ...saturated(0.2)(change), accuracy: 0.85 })
    expect(verdict('saturation-slows', alike).verdict).toBe('false')
  })
})

describe('ReLU on stored pixels', () => {
  const unbounded = ({ activation }: Change): boolean => activation!.endsWith('relu')

  it('depends on the loss: under a clipped one it ends at chance while tanh does not', () => {
    const found = verdict('relu-is-better', (change) => ({
      accuracy: unbounded(change) ? (change.loss === 'exact' ? 0.78 : 0.1) : 0.7
    }))
    expect(found.verdict).toBe('depends')
    expect(found.tables![0]!.rows).toContainEqual(['ReLU', '78.0 %', '78.0 %', '10.0 %', '10.0 %'])
  })

  it('is better or worse where it is so under both losses', () => {
    const by = (better: number) => (change: Change) => ({
      accuracy: unbounded(change) ? better : 0.7
    })
    expect(verdict('relu-is-better', by(0.8)).verdict).toBe('true')
    expect(verdict('relu-is-better', by(0.6)).verdict).toBe('false')
  })
})

describe('a large dark background', () => {
  /** right but for so many of the three darker images of each class */
  const guesses = (wrong: number): string =>
    encodePredictions(labels.map((label, at) => (at % 6 < wrong ? 1 - label : label)))

  it('swamps where dark images of a class are named wrong as stored alone', () => {
    const found = verdict('background-swamps', (change) => ({
      predictions: guesses(isRaw(change) ? 2 : 0)
    }))
    expect(found.verdict).toBe('true')
    // of three darker images a class one is right, and all brighter ones
    const [row] = found.tables![0]!.rows
    expect(row!.slice(1)).toEqual(['6', '33.3 % ± 0.0', '100.0 % ± 0.0', '−66.7 points'])
  })

  it('is drawn by fifths of each class, by their share of bright pixels', () => {
    const { figures } = verdict('background-swamps', (change) => ({
      predictions: guesses(isRaw(change) ? 2 : 0)
    }))
    const line = figures![0]!.marks[0]!
    // six images a class: the fifths are the 1st, 2nd, 3rd and 4th, and the last two
    expect(line).toMatchObject({ kind: 'line', colour: { choice: 'raw' }, y: [0, 0, 1, 1, 1] })
    expect(line).toMatchObject({ x: [0, 0, 0, 0.25, 0.625], band: { low: [0, 0, 1, 1, 1] } })
    expect(figures![0]!.subtitle).toContain('12 test images')
  })

  it('has no spread to tell or to draw over one seed', () => {
    const record = named('background-swamps')
    const bench = benchOf(record, () => ({ predictions: guesses(1) }))
    const { figures, tables } = record.judge({ ...bench, seeds: [0] })
    expect(figures![0]!.marks[0]).not.toHaveProperty('band')
    expect(tables![0]!.rows[0]![2]).toBe('66.7 %')
  })

  it('is not the scale alone where they are named wrong under every choice', () => {
    expect(verdict('background-swamps', () => ({ predictions: guesses(1) })).verdict).toBe(
      'depends'
    )
  })

  it('swamps nothing where both halves are named alike', () => {
    expect(verdict('background-swamps', () => ({ predictions: guesses(0) })).verdict).toBe('false')
  })
})

describe('the brightest pixel', () => {
  const pulling = (shares: Readonly<Partial<Record<ChoiceId, number>>>) => (change: Change) => {
    const share = shares[change.choice!.id] ?? 0.25
    return { pulls: { start: [share, ...Array<number>(3).fill((1 - share) / 3)] } }
  }

  it('dominates, and each standardisation stops it, or one, or none', () => {
    const id = 'bright-pixels-dominate'
    expect(verdict(id, pulling({ raw: 0.85 })).verdict).toBe('true')
    const one = verdict(id, pulling({ raw: 0.85, standardised: 0.8 }))
    expect(one.verdict).toBe('depends')
    expect(one.sentence).toContain('Standardised, each pixel stops it, the other does not.')
    const none = pulling({ raw: 0.85, standardised: 0.8, 'standardised-per-pixel': 0.8 })
    expect(verdict(id, none).verdict).toBe('false')
  })

  it('does not dominate with less than twice an even share', () => {
    const found = verdict('bright-pixels-dominate', pulling({ raw: 0.49 }))
    expect(found.verdict).toBe('false')
    expect(found.figures).toHaveLength(2)
  })

  it('is a value of a pixel where pixels have several', () => {
    const images = { ...facts.images!, height: 1, width: 1, channels: 4 }
    const colour = { facts: { ...facts, images } }
    const found = verdict('bright-pixels-dominate', pulling({ raw: 0.85 }), colour)
    expect(found.sentence).toContain('the brightest tenth of the values (a pixel and channel each)')
    expect(found.tables![0]!.columns.at(-1)!.title).toBe('effective values')
    expect(found.figures![0]!.summary).toContain('equal values of 4')
    const divided = verdict('division-and-dominance', pulling({ raw: 0.85, unit: 0.85 }), colour)
    expect(divided.sentence).toContain('effective values before')
  })

  it('keeps its share through a division, unless the shares were measured to differ', () => {
    const id = 'division-and-dominance'
    expect(verdict(id, pulling({ raw: 0.85, unit: 0.85 })).verdict).toBe('true')
    expect(verdict(id, pulling({ raw: 0.85, unit: 0.8 })).verdict).toBe('false')
  })
})

describe('the word normalisation', () => {
  it('is unclear where what it means ends at different accuracies', () => {
    const found = verdict('normalisation-is-unclear', ({ choice }) => ({
      accuracy: choice!.id === 'per-image' ? 0.87 : 0.84
    }))
    expect(found.verdict).toBe('true')
    expect(found.tables![0]!.rows).toHaveLength(CALLED.length)
  })

  it('depends where no difference is seen', () => {
    expect(verdict('normalisation-is-unclear', () => ({})).verdict).toBe('depends')
  })
})

describe('one sigmoid for two classes', () => {
  // classes 0 and 2 are mistaken for one another most often
  const confusion = [
    [4, 1, 5],
    [2, 8, 0],
    [4, 1, 5]
  ]

  it('is asked of the two classes that are mistaken most', () => {
    const found = verdict('one-sigmoid', ({ output }) => ({
      ...{ accuracy: output === 'sigmoid' ? 0.9 : 0.8, confusion }
    }))
    expect(found.verdict).toBe('true')
    expect(found.sentence).toContain('On classes 0 and 2')
  })

  it('is not needed where no difference is seen', () => {
    const found = verdict('one-sigmoid', () => ({ confusion }))
    expect(found.verdict).toBe('false')
    expect(found.sentence).toContain('no difference seen')
  })

  it('speaks of no spread over one seed', () => {
    const record = named('one-sigmoid')
    const found = record.judge({
      ...benchOf(record, () => ({ confusion })),
      seeds: [0]
    })
    expect(found.sentence).toContain('no difference seen')
    expect(found.sentence).not.toContain('spread')
  })
})

describe('the kind', () => {
  const ask = { config: TUTORIAL_CONFIG, seeds: SEEDS }

  it('says nothing of a claim before its runs have ended', () => {
    const outcome = CLAIMS_KIND.outcome(ask, facts, [])
    expect(outcome.sentence).toBe('Of 9 claims, 9 are not measured.')
    expect(outcome.figures).toEqual([])
  })

  it('plans each configuration once, whichever claims need it', () => {
    const planned = CLAIMS_KIND.plan(ask, facts, [])
    expect(new Set(planned.map((config) => JSON.stringify(config))).size).toBe(planned.length)
  })

  it('says how many networks have learned nothing that could differ', () => {
    const [first, second] = CLAIMS_KIND.plan(ask, facts, [])
    const runs = [first!, second!].map((config, at) => ({
      ...runRecord({ testClassCounts: [70, 30] }, [0.1, at === 0 ? 0.7 : 0.9]),
      config
    }))
    expect(CLAIMS_KIND.outcome(ask, facts, runs).notes).toContainEqual(
      expect.stringMatching(/^1 of 2 networks are no better than/)
    )
  })
})
