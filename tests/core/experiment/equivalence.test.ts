import { describe, expect, it } from 'vitest'
import { checkedAsk } from '../../../src/core/experiment/kinds'
import { EQUIVALENCE } from '../../../src/core/experiment/kinds/equivalence/equivalence'
import type { Ask } from '../../../src/core/experiment/kinds/equivalence/ask'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { ExperimentFacts } from '../../../src/core/study/experiment'
import type { RunRecord } from '../../../src/core/study/run'
import { epochRecord, runRecord } from '../../renderer/fixtures/runs'

const facts: ExperimentFacts = {
  ...{ features: 784, classes: 10, trainCount: 100, testCount: 100 },
  inputs: []
}
const ask: Ask = {
  config: { ...TUTORIAL_CONFIG, epochs: 1, weightDecay: { kind: 'l2', factor: 0.1 } },
  ...{ scale: 255, offset: 0, keep: 'nothing' }
}

/** The outcome of runs with these last losses, in the order of the plan. */
function outcome(asked: Ask, losses: readonly (number | 'diverged' | undefined)[]) {
  const runs = EQUIVALENCE.plan(asked, facts, []).flatMap((config, at): RunRecord[] => {
    const loss = losses[at] ?? losses.at(-1)
    if (loss === undefined) return []
    const run = runRecord({ id: `${at}`, config, status: loss === 'diverged' ? loss : 'finished' })
    const trace = { fraction: [0.5, 1], loss: [2, Number(loss)], accuracy: [0, 0] }
    const epochs = [epochRecord(0), ...(loss === 'diverged' ? [] : [epochRecord(1, { trace })])]
    return [{ ...run, epochs }]
  })
  const made = EQUIVALENCE.outcome(asked, facts, runs)
  return { ...made, data: made.data as { verdict: string; difference?: number; because?: string } }
}

describe('equivalent training', () => {
  it('plans the run, the moved one, one at a power of two and four that differ by rounding', () => {
    const planned = EQUIVALENCE.plan(ask, facts, [])
    expect(planned.map(({ input }) => input.scale)).toEqual([1, 255, 256, 1, 1, 1, 1])
    expect(planned[2]!.initFactors[0]).toBe(1 / 256)
    expect(new Set(planned.slice(3).map(({ initFactors }) => initFactors[0])).size).toBe(4)
    const rounded = planned.slice(3).map(({ initFactors }) => Math.fround(initFactors[0]!))
    expect(rounded.every((factor) => factor !== 1 && Math.abs(factor - 1) < 1e-6)).toBe(true)
  })

  it('plans no further power of two for one, and the whole move as a measure where one stays', () => {
    const power = EQUIVALENCE.plan({ ...ask, scale: 64 }, facts, [])
    expect(power.map(({ input }) => input.scale)).toEqual([1, 64, 1, 1, 1, 1])
    const kept = EQUIVALENCE.plan({ ...ask, keep: 'init' }, facts, [])
    expect(kept.map(({ input }) => input.scale)).toEqual([1, 255, 1, 1, 1, 1, 255])
    expect([kept[1]!.initFactors[0], kept[6]!.initFactors[0]]).toEqual([1, 1 / 255])
  })

  it('coincides below a thousandth: 1.0005 against 1', () => {
    const { data, sentence } = outcome(ask, [1, 1.0005, 1, 1])
    expect(data.verdict).toBe('coincide')
    expect(data.difference).toBeCloseTo(0.0005, 12)
    expect(sentence).toBe(
      'On the input × 255, with the first layer’s initial weights, learning rate, epsilon and weight decay moved along, both losses coincide (largest relative difference over an epoch 0.0005).'
    )
  })

  it('is the same where every recorded digit is', () => {
    const { data, sentence, figures } = outcome(ask, [1, 1, 1, 1])
    expect(data.verdict).toBe('same')
    expect(sentence).toContain('equal in all six digits')
    expect(figures.map(({ id }) => id)).toEqual(['equivalence-loss'])
  })

  it('differs by rounding where the run at a power of two is the same, and else parts', () => {
    expect(outcome(ask, [1, 1.02, 1, 1.01]).sentence).toContain(
      'coincide but for rounding (largest relative difference over an epoch 0.02; changes in the last bit of the initial weights make up to 0.01): on the input × 256'
    )
    const parted = outcome(ask, [1, 1.02, 1.03, 1])
    expect(parted.data.verdict).toBe('part')
    expect(parted.sentence).toContain('on the input × 256 they part by 0.03')
  })

  it.each([
    ['init', 'the initial weights of the first layer stayed: they are 255 times too large'],
    ['step', 'its steps change the network 255 times too much'],
    ['epsilon', 'it is 255 times too small'],
    ['decay', 'it is 65,025 times too weak for weights that are 255 times smaller']
  ] as const)('where %s stays, parts with the reason', (keep, reason) => {
    const { sentence, data } = outcome({ ...ask, keep }, [1, 1.5, 1])
    expect(data.verdict).toBe('part')
    expect(sentence).toContain('the losses part (largest relative difference over an epoch 0.5)')
    expect(sentence).toContain(reason)
  })

  it('sees no difference where rounding makes as large a one', () => {
    const { data, sentence } = outcome({ ...ask, keep: 'epsilon' }, [1, 1.02, 1.01])
    expect(data.verdict).toBe('none-seen')
    expect(sentence).toContain('no difference beyond rounding is seen')
  })

  it('says the same of a smaller input, the other way round', () => {
    const small = outcome({ ...ask, scale: 0.01, keep: 'init' }, [1, 1.5, 1]).sentence
    expect(small).toContain('they are 100 times too small')
  })

  it('an offset parts by the gradients, not by the start', () => {
    const { sentence } = outcome({ ...ask, scale: 1, offset: -2 }, [1, 1.5, 1])
    expect(sentence).toContain('On the input − 2, with the first layer’s biases moved along')
    expect(sentence).toContain('the gradient of every first-layer weight holds −2 times that')
  })

  it('what is kept and is not there changes nothing', () => {
    const sgd = { ...ask.config, optimiser: { ...ask.config.optimiser, id: 'sgd' as const } }
    const { data, notes } = outcome({ ...ask, config: sgd, keep: 'epsilon' }, [1, 1, 1, 1])
    expect(data.verdict).toBe('same')
    expect(notes.join(' ')).toContain('SGD without epsilon')
  })

  it('waits for both runs, and tells of one that diverged', () => {
    expect(outcome(ask, [undefined]).sentence).toBe(
      'The two runs have not both completed an epoch.'
    )
    expect(outcome({ ...ask, keep: 'init' }, [1, 'diverged', 1]).sentence).toContain(
      'training diverges, while on the unchanged input it does not, because the initial weights'
    )
  })

  it('draws the difference with what rounding makes beside it', () => {
    const { figures } = outcome(ask, [1, 1.02, 1, 1.01])
    const [, apart] = figures
    const lines = apart!.marks.flatMap((mark) => (mark.kind === 'line' ? [mark] : []))
    expect(lines).toHaveLength(5)
    // the first half of the epoch is the same in all digits and has no place on the axis
    expect(Array.from(lines.at(-1)!.y)).toEqual([NaN, expect.closeTo(0.02, 12)])
    expect(Array.from(lines.at(-1)!.x)).toEqual([0.25, 0.75])
  })

  it('is of an input as it is chosen', () => {
    const scaled = { ...ask.config, input: { scale: 2, offset: 0 } }
    expect(() => checkedAsk(EQUIVALENCE, { ...ask, config: scaled })).toThrow('as it is chosen')
    expect(() => checkedAsk(EQUIVALENCE, { ...ask, scale: 0 })).toThrow('scale')
  })
})
