import { describe, expect, it } from 'vitest'
import { CLAIMS } from '../../../src/core/experiment/claims/claims'
import { configOf } from '../../../src/core/experiment/claims/claim'
import type { Bench, Change, Claim } from '../../../src/core/experiment/claims/claim'
import { CLAIMS_KIND } from '../../../src/core/experiment/kinds/claims'
import { layerActivations } from '../../../src/core/network/layers/plan'
import { parseLayers } from '../../../src/core/network/layers/text'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { ChoiceId } from '../../../src/core/preprocessing/preprocessing'
import type { ExperimentFacts } from '../../../src/core/study/experiment'
import { encodePredictions } from '../../../src/core/study/predictions'
import type { RunRecord, Trace } from '../../../src/core/study/run'
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
type Told = {
  readonly accuracy?: number
  readonly start?: number
  readonly end?: number
  readonly trace?: Trace
} & Own

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
        const { accuracy = 0.8, start = 0, end = 0, trace, ...own } = tell(config, bench)
        const run = runRecord({ ...own, config }, [0.1, accuracy + (seed - 1) / 1000])
        const [before, after] = run.epochs
        return {
          ...run,
          config,
          epochs: [
            { ...before!, saturatedFraction: start },
            { ...after!, saturatedFraction: end, ...(trace && { trace }) }
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
  // facts: 100 training images, batches of 32, so 4 steps in an epoch of four parts; 3 epochs
  const reaching = (part: number) => {
    const accuracy = [1, 2, 3, 4].map((at) => (at >= part ? 0.9 : 0.2))
    return { fraction: [0.25, 0.5, 0.75, 1], loss: [2, 1.5, 1, 0.5], accuracy }
  }
  /** `slow`: in which part stored pixels reach the best accuracy; above 4 they do not */
  const saturated =
    (end: number, slow = 5, lower = 0.68) =>
    (change: Change) => ({
      accuracy: isRaw(change) ? lower : 0.85,
      start: isRaw(change) ? 0.98 : 0.01,
      end: change.choice!.id === 'standardised' ? end : 0.1,
      trace: reaching(isRaw(change) ? slow : 1)
    })
  const found = (...how: Parameters<typeof saturated>) =>
    verdict('saturation-slows', saturated(...how))

  it('slows where stored pixels saturate, need more steps and end lower', () => {
    const { verdict: is, sentence, tables } = found(0.2, 4)
    expect(is).toBe('true')
    expect(sentence).toContain(
      '95 % of the best accuracy in training takes 4 steps on stored pixels and takes 1 step on divided ones'
    )
    expect(sentence).toContain(
      'With sigmoid and tanh the saturated network is slower and ends lower.'
    )
    expect(sentence).toContain('whether saturation is the cause is not shown')
    expect(tables![0]!.rows[0]!.slice(0, 2)).toEqual(['sigmoid', 'As stored'])
    expect(tables![0]!.rows[0]![5]).toBe('4')
  })

  it('says where the best accuracy is not reached at all', () => {
    const { verdict: is, sentence, tables } = found(0.2)
    expect(is).toBe('true')
    expect(sentence).toContain('is not reached in 12 steps on stored pixels')
    expect(tables![0]!.rows[0]![5]).toBe('not in 12')
  })

  it('is no fault by itself where a standardised input saturates and does well', () => {
    const { verdict: is, sentence } = found(0.81)
    expect(is).toBe('depends')
    expect(sentence).toContain('Saturation alone does not decide')
  })

  it('holds in part where it costs steps and no accuracy, or accuracy and no steps', () => {
    const slower = found(0.2, 4, 0.85)
    expect(slower.verdict).toBe('depends')
    expect(slower.sentence).toContain('is slower and ends no lower')
    const lower = found(0.2, 1)
    expect(lower.verdict).toBe('depends')
    expect(lower.sentence).toContain('is no slower and ends lower')
  })

  it('is no cause where neither steps nor accuracy differ', () => {
    const { verdict: is, sentence } = found(0.2, 1, 0.85)
    expect(is).toBe('false')
    expect(sentence).not.toContain('is the cause')
  })

  it('is not asked of networks that are not saturated', () => {
    const none = (change: Change) => ({ ...saturated(0.2)(change), start: 0 })
    expect(verdict('saturation-slows', none).verdict).toBe('open')
  })

  it('is drawn as the loss by step, a line for each activation and choice', () => {
    const [figure] = found(0.2).figures!
    expect(figure!.marks).toHaveLength(6)
    // the middles of four parts of an epoch of 4 steps
    expect(figure!.marks[0]).toMatchObject({ x: [0.5, 1.5, 2.5, 3.5], y: [2, 1.5, 1, 0.5] })
  })
})

describe('claims about networks that are more than dense layers', () => {
  const withLayers = (text: string) => ({
    config: { ...TUTORIAL_CONFIG, layers: parseLayers(text) }
  })

  it('change the activations that are written at layers too', () => {
    const bench = benchOf(named('relu-is-better'), () => ({}), withLayers('conv3x3-4,tanh,dense-8'))
    const own = bench.runs.filter(({ config }) => config.activation === 'sigmoid')
    expect(own.length).toBeGreaterThan(0)
    for (const { config } of own) expect(layerActivations(config)).toEqual(['sigmoid', 'sigmoid'])
  })

  it('are not asked where no layer has an activation', () => {
    const found = verdict('relu-is-better', () => ({}), withLayers('pool2,flatten'))
    expect(found).toMatchObject({
      verdict: 'open',
      sentence: 'No layer of this network has an activation.'
    })
  })

  it('do not take saturation at moving moments for that in the steps', () => {
    const found = verdict('saturation-slows', () => ({}), withLayers('dense-8,bn'))
    expect(found.verdict).toBe('open')
    expect(found.sentence).toContain('moving moments')
  })

  it.each(['bn,dense-8', 'residual-4,gap'])('move no first-layer weights of %s', (text) => {
    const bench = benchOf(named('weights-and-range'), () => ({}), withLayers(text))
    expect(bench.runs).toEqual([])
    expect(named('weights-and-range').judge(bench).verdict).toBe('open')
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

  /** the same a hundred times over: images enough to tell a difference */
  const hundredfold = (values: Int32Array): string =>
    encodePredictions(Int32Array.from(Array.from({ length: 100 }, () => [...values]).flat()))
  const many: Partial<Bench> = {
    facts: {
      ...facts,
      images: {
        ...facts.images!,
        testLabels: hundredfold(labels),
        testBright: hundredfold(bright)
      }
    }
  }
  const manyGuesses = (wrong: number): string =>
    hundredfold(labels.map((label, at) => (at % 6 < wrong ? 1 - label : label)))
  const swamps = (tell: (change: Change) => number) =>
    verdict('background-swamps', (change) => ({ predictions: manyGuesses(tell(change)) }), many)

  it('swamps where dark images of a class are named wrong as stored alone', () => {
    expect(swamps((change) => (isRaw(change) ? 2 : 0)).verdict).toBe('true')
  })

  it('has its accuracies in a table, each half by itself', () => {
    const found = verdict('background-swamps', (change) => ({
      predictions: guesses(isRaw(change) ? 2 : 0)
    }))
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
    const found = swamps(() => 1)
    expect(found.verdict).toBe('depends')
    expect(found.sentence).toContain(
      'A difference is left under “Rescaled to [0, 1]” and “Standardised, each image” too'
    )
  })

  it('swamps nothing where both halves are named alike', () => {
    expect(swamps(() => 0).verdict).toBe('false')
  })

  it('is not decided by a dozen images, however they are named', () => {
    const found = verdict('background-swamps', () => ({ predictions: guesses(1) }))
    expect(found).toMatchObject({ verdict: 'undecided', doubt: 'spread' })
    expect(found.sentence).toContain('standard error of the test images')
  })

  it('is not decided by a network that has learned nothing, or beside none that has', () => {
    const tell = (useless: (change: Change) => boolean) => (change: Change) => ({
      predictions: manyGuesses(isRaw(change) ? 2 : 0),
      accuracy: useless(change) ? 0.1 : 0.8
    })
    for (const useless of [isRaw, (change: Change) => !isRaw(change)]) {
      expect(verdict('background-swamps', tell(useless), many)).toMatchObject({
        verdict: 'undecided',
        doubt: 'untrained'
      })
    }
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

  it('is not asked for where none is brighter, unless it dominates all the same', () => {
    const images = { ...facts.images!, pixelMeans: [130, 120, 120, 120] }
    const even = { facts: { ...facts, images } }
    const id = 'bright-pixels-dominate'
    const found = verdict(id, pulling({ raw: 0.3 }), even)
    expect(found.verdict).toBe('open')
    expect(found.sentence).toContain('with a mean of 130 where the rest has 120')
    expect(verdict(id, pulling({ raw: 0.85 }), even).verdict).toBe('true')
  })

  it('is not decided where its share is as near to the limit as seeds spread', () => {
    // an even share is a quarter, twice that a half: .4, .5 and .6 over three seeds
    const near = (change: Change) => {
      const share = isRaw(change) ? 0.4 + 0.1 * change.seed! : 0.25
      return { pulls: { start: [share, ...Array<number>(3).fill((1 - share) / 3)] } }
    }
    expect(verdict('bright-pixels-dominate', near)).toMatchObject({
      verdict: 'undecided',
      doubt: 'spread'
    })
  })

  it('has no share where nothing has a gradient, which is not an unfinished run', () => {
    for (const id of ['bright-pixels-dominate', 'division-and-dominance'] as const) {
      const found = verdict(id, () => ({}))
      expect(found.verdict).toBe('open')
      expect(found.sentence).toContain('nothing has a gradient before training')
      expect(verdict(id, () => ({ status: 'cancelled' })).sentence).toContain('did not finish')
    }
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

describe('what decides nothing', () => {
  it('is two networks that have learned nothing, whatever is between them', () => {
    const untrained = { verdict: 'undecided', doubt: 'untrained' }
    const none = () => ({ accuracy: 0.1 })
    for (const id of ['same-scale', 'weights-and-range', 'relu-is-better'] as const) {
      const found = verdict(id, none)
      expect(found).toMatchObject(untrained)
      expect(found.sentence).toContain('better than always naming the most frequent class')
    }
    expect(verdict('normalisation-is-unclear', none)).toMatchObject(untrained)
  })

  it('is not a network that has learned nothing beside one that has', () => {
    const found = verdict('same-scale', (change) => ({ accuracy: isRaw(change) ? 0.1 : 0.86 }))
    expect(found.verdict).toBe('false')
  })

  it('leaves out a loss under which no network has learned', () => {
    const clipped = (change: Change) => ({
      accuracy: change.loss === 'clipped' ? 0.1 : isRaw(change) ? 0.7 : 0.86
    })
    const found = verdict('same-scale', clipped)
    expect(found.verdict).toBe('false')
    expect(found.sentence).toContain('so this is of the exact loss alone')
    const relu = verdict('relu-is-better', (change) => ({
      accuracy: change.loss === 'clipped' ? 0.1 : change.activation!.endsWith('relu') ? 0.8 : 0.7
    }))
    expect(relu.verdict).toBe('true')
    expect(relu.sentence).toContain('so this is of the exact loss alone')
  })

  it('is a difference of one to two spreads, and none within a wide spread', () => {
    // standard error on 100 images at 86 % is 3.5 points
    const few = (raw: number) => (change: Change) => ({
      ...{ testClassCounts: [70, 30], accuracy: isRaw(change) ? raw : 0.86 }
    })
    for (const raw of [0.86, 0.81]) {
      const found = verdict('same-scale', few(raw))
      expect(found).toMatchObject({ verdict: 'undecided', doubt: 'spread' })
    }
    expect(verdict('same-scale', few(0.6)).verdict).toBe('false')
  })

  it('is the best of four that is ahead of the last by two spreads alone', () => {
    // standard error on 10,000 images at 85 %: .36 points
    const ahead = (by: number) => (change: Change) => ({
      accuracy: change.choice!.id === 'per-image' ? 0.85 + by : 0.85
    })
    expect(verdict('normalisation-is-unclear', ahead(0.009)).verdict).toBe('undecided')
    expect(verdict('normalisation-is-unclear', ahead(0.015)).verdict).toBe('true')
  })
})

describe('the kind', () => {
  const ask = { config: TUTORIAL_CONFIG, seeds: SEEDS }

  it('says nothing of a claim before its runs have ended', () => {
    const outcome = CLAIMS_KIND.outcome(ask, facts, [])
    expect(outcome.sentence).toBe('Of 9 claims, 9 are not measured.')
    expect(outcome.figures).toEqual([])
  })

  /** all runs of the claims, each ending as its choice says */
  const trained = (seeds: readonly number[]): RunRecord[] => {
    const pulls = { start: [0.85, 0.05, 0.05, 0.05] }
    const guesses = encodePredictions(labels)
    const confusion = [
      [4, 1, 5],
      [2, 8, 0],
      [4, 1, 5]
    ]
    const train = (runs: readonly RunRecord[]): RunRecord[] =>
      CLAIMS_KIND.plan({ ...ask, seeds }, facts, runs).map((config) => ({
        ...runRecord(
          { pulls, predictions: guesses, confusion },
          [0.1, (config.choice.id === 'raw' ? 0.7 : 0.86) + (config.seed - 1) / 1000],
          { trace: { fraction: [1], loss: [1], accuracy: [0.8] } }
        ),
        config
      }))
    return train(train([]))
  }

  it.each([1, 2])('draws no firm verdict with %i seeds, and says which it would be', (count) => {
    const seeds = SEEDS.slice(0, count)
    const { parts, data, sentence } = CLAIMS_KIND.outcome({ ...ask, seeds }, facts, trained(seeds))
    const { claims } = data as { claims: { id: string; verdict: string; leaning?: string }[] }
    const firm = claims.filter(({ verdict: is }) => ['true', 'false', 'depends'].includes(is))
    // of its two networks nothing is left to chance
    expect(firm.map(({ id }) => id)).toEqual(['division-and-dominance'])
    expect(claims[0]).toMatchObject({ verdict: 'undecided', doubt: 'seeds', leaning: 'false' })
    expect(parts![0]!.verdict).toBe(`not decided (${count === 1 ? 'one seed' : '2 seeds'})`)
    expect(parts![0]!.sentence).toContain('unless the differences are chance')
    expect(sentence).toContain('not decided')
  })

  it('has a figure for each claim that it judges, named by its letter', () => {
    const { parts, figures, tables } = CLAIMS_KIND.outcome(ask, facts, trained(SEEDS))
    expect(parts).toHaveLength(9)
    for (const [at, part] of parts!.entries()) {
      const letter = `(${'abcdefghi'[at]})`
      expect(part.title.startsWith(`${letter} “`), part.title).toBe(true)
      expect(part.figures.length, part.title).toBeGreaterThan(0)
      for (const { title } of part.figures) expect(title.startsWith(letter)).toBe(true)
    }
    expect(figures).toEqual(parts!.flatMap((part) => part.figures))
    expect(new Set(figures.map(({ id }) => id)).size).toBe(figures.length)
    expect(tables.slice(1)).toEqual(parts!.flatMap((part) => part.tables))
    expect(JSON.stringify(parts)).not.toMatch(/NaN|undefined/)
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
