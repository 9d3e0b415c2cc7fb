import { describe, expect, it } from 'vitest'
import { findingOf, sentenceFor } from '../../../src/core/explanation/finding'
import { zeroGradientSentence } from '../../../src/core/explanation/zero-gradient'
import type { LossId } from '../../../src/core/network/losses'
import type { EpochRecord, RunRecord } from '../../../src/core/study/run'
import { runRecord } from '../../renderer/fixtures/runs'

const run = (
  choice: 'raw' | 'unit',
  loss: LossId,
  accuracy: number,
  last: Partial<EpochRecord> = {},
  own: Partial<RunRecord> = {}
): RunRecord =>
  runRecord({ ...own, config: { choice: { id: choice }, loss } }, [0.1, accuracy], last)

const trapped = (share: number): Partial<EpochRecord> => ({
  zeroGradientFraction: share,
  trappedFraction: share,
  learnedFraction: 0
})
const learned = (share: number): Partial<EpochRecord> => ({
  zeroGradientFraction: share,
  trappedFraction: 0,
  learnedFraction: share
})

describe('the finding of a run', () => {
  it('is fine when nothing was measured against it', () => {
    expect(findingOf(run('unit', 'exact', 0.87))?.code).toBe('none-found')
  })
  it('is the clipped loss from half of the samples wrong and without gradient', () => {
    for (const loss of ['clipped', 'clipped-2018'] as const) {
      const at = (share: number) => findingOf(run('raw', loss, 0.2, trapped(share)))?.code
      expect(at(0.5)).toBe('clipped-loss-trap')
      expect(at(0.49)).toBe('none-found')
    }
  })
  it('is not the clipped loss where the samples without gradient are right', () => {
    // Fashion-MNIST, classes 1 and 9: 99.95 % right, 74 % of an epoch's samples without gradient
    const record = run('unit', 'clipped', 0.9995, learned(0.743))
    expect(findingOf(record)?.code).toBe('none-found')
    expect(sentenceFor(record, [record])).not.toMatch(/nothing|gradient/)
    // a record of an older version does not tell the two apart
    expect(findingOf(run('unit', 'clipped', 0.9, { zeroGradientFraction: 0.9 }))?.code).toBe(
      'none-found'
    )
  })
  it('is never the clipped loss under the exact loss', () => {
    const record = run('raw', 'exact', 0.7, { zeroGradientFraction: 0.9 })
    expect(findingOf(record)?.code).toBe('none-found')
  })
  it('is chance within 5 % of the way from chance, and not judged without the images per class', () => {
    expect(findingOf(run('raw', 'exact', 0.144))?.code).toBe('at-chance')
    expect(findingOf(run('raw', 'exact', 0.146))?.code).toBe('none-found')
    const unknown = run('raw', 'exact', 0.1, {}, { testClassCounts: undefined })
    expect(findingOf(unknown)?.code).toBe('none-found')
  })
  it('knows how often the more frequent of two classes is right', () => {
    const at = (accuracy: number) =>
      runRecord(
        { testClassCounts: [390, 234, 1], config: { output: 'sigmoid', classes: [0, 1] } },
        [0.5, accuracy]
      )
    // 62.5 % and a twentieth of the rest: 64.4 %
    expect(findingOf(at(0.64))?.code).toBe('at-chance')
    expect(findingOf(at(0.65))?.code).toBe('none-found')
    expect(sentenceFor(at(0.64), [])).toContain('the most frequent class, which gives 62.5 %')
  })
  it('is divergence before all else', () => {
    const record = run('raw', 'clipped', 0.1, trapped(1), { status: 'diverged' })
    expect(findingOf(record)?.code).toBe('diverged')
  })
  it('is absent while a run is under way, and after it was cancelled or failed', () => {
    for (const status of ['queued', 'running', 'paused', 'cancelled', 'failed'] as const) {
      expect(findingOf(run('raw', 'exact', 0.7, {}, { status }))).toBeUndefined()
    }
  })
  it('is absent when only the state before training is known', () => {
    expect(findingOf(runRecord({}, [0.1]))).toBeUndefined()
  })
})

describe('the sentence about a run', () => {
  it('says the share without gradient and what the exact loss reaches', () => {
    const clipped = run('raw', 'clipped', 0.2, trapped(0.9998))
    const exact = run('raw', 'exact', 0.747, {}, { id: 'other' })
    const sentence = sentenceFor(clipped, [clipped, exact])
    expect(sentence).toContain('99.98 %')
    expect(sentence).toContain('20.0 %')
    expect(sentence).toContain('with the exact loss, the same network reaches 74.7 %')
    expect(sentence).toContain('wrong and had a loss gradient of exactly 0 under the clipped loss')
  })
  it('promises no remedy that was not measured', () => {
    const clipped = run('raw', 'clipped', 0.2, trapped(1))
    const otherSeed = runRecord({ config: { choice: { id: 'raw' }, seed: 4 } }, [0.1, 0.7])
    expect(sentenceFor(clipped, [clipped, otherSeed])).not.toContain('exact loss')
  })
  it('says where a run diverged and why', () => {
    const divergence = { epoch: 1, step: 37, reason: 'The loss is not a number.' }
    const record = run('raw', 'exact', 0.1, {}, { status: 'diverged', divergence })
    expect(sentenceFor(record, [])).toBe(
      'Training diverged in epoch 1, at step 37: the loss is not a number.'
    )
  })
  it('says no more of a run without findings than that no check was triggered', () => {
    expect(sentenceFor(run('unit', 'exact', 0.87), [])).toBe(
      'The last test accuracy is 87.0 %; none of the checks for known problems was triggered.'
    )
  })
  it('does not call an accuracy below chance better', () => {
    const counts = { testClassCounts: new Array<number>(10).fill(100) }
    expect(sentenceFor(run('raw', 'exact', 0.09, {}, counts), [])).toContain('does no better than')
    expect(sentenceFor(run('raw', 'exact', 0.12, {}, counts), [])).toContain(
      'does little better than'
    )
  })
  it('never blames saturation', () => {
    const record = run('raw', 'clipped', 0.1, { ...trapped(1), saturatedFraction: 0.99 })
    expect(sentenceFor(record, [record])).not.toMatch(/saturat/i)
  })
  it('says training accuracy where there is no test split', () => {
    const last = { testAccuracy: undefined, trainAccuracy: 0.9 }
    const record = runRecord({}, [0.1, 0.9], last)
    expect(sentenceFor(record, [record])).toContain('The last training accuracy is 90.0 %')
  })
  it('tells apart runs that wait, train, pause, were cancelled or did not begin', () => {
    const sentences = (['queued', 'running', 'paused', 'cancelled', 'finished'] as const).map(
      (status) => sentenceFor(runRecord({ status }, []), [])
    )
    expect(new Set(sentences).size).toBe(sentences.length)
    expect(sentences[0]).toContain('waiting')
    expect(sentences[2]).toContain('paused')
    expect(sentences[3]).toContain('no epoch was completed')
    expect(sentences[4]).toContain('before its first epoch')
    const cancelled = runRecord({ status: 'cancelled' }, [0.1, 0.42])
    expect(sentenceFor(cancelled, [])).toContain('42.0 %')
  })
  it('of a divergence whose place is not known says no place', () => {
    const diverged = run('raw', 'exact', 0.1, {}, { status: 'diverged', divergence: undefined })
    expect(sentenceFor(diverged, [])).toBe('Training diverged.')
  })
  it('tells the reason of a failed run', () => {
    const error = { code: 'x', message: 'The disk is full.' }
    expect(sentenceFor(runRecord({ status: 'failed', error }, []), [])).toContain('disk is full')
  })
})

describe('the sentence beside the zero gradients', () => {
  it('is absent before the first epoch', () => {
    expect(zeroGradientSentence([runRecord({}, [0.1])])).toBeUndefined()
  })
  it('says when every raw image is clipped', () => {
    const record = run('raw', 'clipped', 0.1, trapped(1))
    expect(zeroGradientSentence([record])).toContain('every training image is wrong and clipped')
    const of2018 = run('raw', 'clipped-2018', 0.1, trapped(0.9))
    const rest = { ...trapped(0.9), zeroGradientFraction: 1, learnedFraction: 0.1 }
    expect(zeroGradientSentence([run('raw', 'clipped', 0.1, rest)])).toContain(
      '90.0 % of the training images are wrong and clipped, and the rest are right and clipped'
    )
    expect(zeroGradientSentence([of2018])).toBe(
      'With the loss of 2018, 90.0 % of the training images are wrong and clipped: the network learns from the rest only.'
    )
  })
  it('tells no network that is right that it has little to learn from', () => {
    // Fashion-MNIST, classes 1 and 9, clipped loss: 99.95 % right
    const both = { ...learned(0.743), zeroGradientFraction: 0.7432, trappedFraction: 0.0002 }
    expect(zeroGradientSentence([run('unit', 'clipped', 0.9995, both)])).toBe(
      'Of an epoch’s training images, without a loss gradient: fewer than 0.1 % were wrong and clipped; at most 74.3 % were right, with nothing left to learn.'
    )
  })
  it('says the most of any epoch, not of the last', () => {
    const record = runRecord({}, [0.1, 0.7, 0.8])
    const epochs = record.epochs.map((epoch) =>
      epoch.epoch === 1 ? { ...epoch, zeroGradientFraction: 0.042 } : epoch
    )
    // whether the rest taught it anything is not measured by this
    expect(zeroGradientSentence([{ ...record, epochs }])).toBe(
      'Of an epoch’s training images, without a loss gradient: at most 4.2 % were wrong or right, which was not recorded.'
    )
  })
  it('says when every image had a gradient', () => {
    expect(zeroGradientSentence([run('unit', 'exact', 0.8)])).toContain('Every training image')
  })
  it('never calls a few samples none', () => {
    const record = run('unit', 'exact', 0.8, learned(0.0001))
    expect(zeroGradientSentence([record])).toContain('fewer than 0.1 %')
  })
})
