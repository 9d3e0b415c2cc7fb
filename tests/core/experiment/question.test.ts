import { describe, expect, it } from 'vitest'
import { divisorOf, questionSentence } from '../../../src/core/experiment/kinds/question'
import type { LossId } from '../../../src/core/network/losses'
import type { EpochRecord, RunRecord } from '../../../src/core/study/run'
import { runRecord } from '../../renderer/fixtures/runs'

const runs = (
  choice: 'raw' | 'unit',
  loss: LossId,
  accuracies: readonly number[],
  last: Partial<EpochRecord> = {}
): RunRecord[] =>
  accuracies.map((accuracy, seed) =>
    runRecord({ config: { choice: { id: choice }, loss, seed } }, [0.1, accuracy], last)
  )
const trapped = (share: number): Partial<EpochRecord> => ({
  zeroGradientFraction: share,
  trappedFraction: share,
  learnedFraction: 0
})

const of2018 = [
  ...runs('raw', 'clipped-2018', [0.1, 0.1, 0.1], trapped(1)),
  ...runs('unit', 'clipped-2018', [0.86, 0.87, 0.88])
]
const clipped = [
  ...runs('raw', 'clipped', [0.1, 0.2, 0.3], trapped(0.9)),
  ...runs('unit', 'clipped', [0.86, 0.87, 0.88])
]
const exact = [
  ...runs('raw', 'exact', [0.74, 0.75, 0.76]),
  ...runs('unit', 'exact', [0.86, 0.87, 0.88])
]

describe('the answer to the question', () => {
  it('tells of the three losses with mean, spread and number of seeds', () => {
    expect(questionSentence([...exact, ...of2018, ...clipped], 255)).toBe(
      'Test accuracy after one epoch, stored pixels against pixels divided by 255, mean ± standard deviation of 3 seeds: ' +
        'loss of 2018, 10.0 ± 0.0 % against 87.0 ± 1.0 %; ' +
        'clipped loss, 20.0 ± 10.0 % against 87.0 ± 1.0 %; ' +
        'exact loss, 75.0 ± 1.0 % against 87.0 ± 1.0 %. ' +
        'Of the stored samples in the last epoch, these are wrong and have no loss gradient: ' +
        '100.0 % under the loss of 2018, 90.0 % under the clipped loss. ' +
        '“Explain the gap” in Why, or “normscope explain”, measures what the gap is made of, one switch at a time.'
    )
  })
  it('says what pixels are divided by only where that is known, and never of bytes', () => {
    const facts = (scale: number) => ({
      inputs: [
        { choice: { id: 'unit' as const }, mean: 0.3, std: 0.3, affine: { scale, offset: 0 } }
      ]
    })
    expect(divisorOf(facts(1 / 65535))).toBe(65535)
    expect(questionSentence(exact, 65535)).toContain('pixels divided by 65,535,')
    expect(divisorOf({ inputs: [] })).toBeUndefined()
    expect(questionSentence(exact)).toContain('stored pixels against pixels rescaled to [0, 1],')
    expect(questionSentence(exact)).not.toMatch(/byte|255/)
  })
  it('credits neither the loss nor the first layer with the gap', () => {
    const sentence = questionSentence([...of2018, ...clipped, ...exact])
    expect(sentence).not.toMatch(/because|cause|come from|closes|remaining|saturat|swamp/i)
  })
  it('says that the gap did not appear when it did not', () => {
    const same = [...runs('raw', 'clipped', [0.85, 0.86, 0.87]), ...clipped.slice(3)]
    const sentence = questionSentence(same)
    expect(sentence).toContain('did not appear')
    expect(sentence).not.toContain('explain')
  })
  it('says that few seeds may be chance', () => {
    const one = [of2018[0]!, of2018[3]!]
    expect(questionSentence(one)).toContain('one seed, so differences may be chance')
  })
  it('leaves out what did not finish, and says what is needed where nothing can be told', () => {
    expect(questionSentence(of2018.slice(0, 3))).toContain('needs finished runs')
    const running = of2018.map((run) => ({ ...run, status: 'running' as const }))
    expect(questionSentence(running)).toContain('needs finished runs')
    expect(questionSentence([...running, ...exact])).not.toContain('2018')
  })
})
