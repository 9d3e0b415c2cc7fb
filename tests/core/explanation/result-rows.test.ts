import { expect, test } from 'vitest'
import { resultRows, resultsCsv } from '../../../src/core/explanation/result-rows'
import { epochRecord, runRecord } from '../../renderer/fixtures/runs'

const withBalanced = (seed: number, accuracy: number, balancedAccuracy: number) =>
  runRecord({
    config: { seed },
    id: String(seed),
    testClassCounts: [234, 390],
    epochs: [
      epochRecord(0, { testAccuracy: 0.6 }),
      epochRecord(1, { testAccuracy: 0.9, balancedAccuracy: 0.8 }),
      epochRecord(2, { testAccuracy: accuracy, balancedAccuracy })
    ]
  })

test('a row of several seeds has mean, sample deviation, number, balanced accuracy and chance', () => {
  const rows = resultRows([withBalanced(0, 0.7, 0.6), withBalanced(1, 0.8, 0.7)])
  expect(rows).toHaveLength(1)
  const [row] = rows
  expect(row!.accuracy).toBeCloseTo(0.75, 12)
  // sqrt(((0.05)^2 + (0.05)^2) / 1)
  expect(row!.spread).toBeCloseTo(Math.sqrt(0.005), 12)
  expect(row!.balanced).toBeCloseTo(0.65, 12)
  expect(row).toMatchObject({ count: 2, chance: 0.625, unequal: true, highest: 0.9 })
})

test('the CSV names the highest test accuracy for what it is', () => {
  const [head, line] = resultsCsv(resultRows([withBalanced(0, 0.7, 0.6)])).split(/\r?\n/)
  const columns = head!.split(',')
  const cell = (name: string): string | undefined => line!.split(',')[columns.indexOf(name)]
  expect(columns).not.toContain('best_epoch_accuracy')
  expect(cell('highest_accuracy_seen')).toBe('0.9')
  expect(cell('balanced_accuracy')).toBe('0.6')
  expect(cell('chance')).toBe('0.625')
  expect(cell('runs')).toBe('1')
  expect(cell('std_over_seeds')).toBe('')
})

test('the means of a row leave out a run that was cancelled or failed, where others finished', () => {
  const broken = (['cancelled', 'failed'] as const).map((status, at) => ({
    ...withBalanced(2 + at, 0.3, 0.2),
    status
  }))
  const [row] = resultRows([withBalanced(0, 0.7, 0.6), withBalanced(1, 0.8, 0.7), ...broken])
  expect(row!.accuracy).toBeCloseTo(0.75, 12)
  expect(row).toMatchObject({ count: 2, highest: 0.9 })
})
