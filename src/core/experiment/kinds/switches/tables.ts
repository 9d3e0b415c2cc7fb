import { percent } from '../../../numbers'
import type { ResultTable } from '../../kind'
import { endText } from '../../ends'
import type { Trial } from './cells'
import { isOn } from './design'
import type { Result, Row } from './result'
import { signed } from './sentence'

/** One row a combination, one column a switch. */
function cellsTable(trial: Trial, rows: readonly Row[]): ResultTable {
  const { switches, seeds } = trial
  const text = ({ cell, ends, accuracy }: Row): string[] => [
    ...switches.map((_, at) =>
      cell === undefined ? (at === 0 ? 'Second setting itself' : '') : isOn(cell, at) ? '✓' : '–'
    ),
    percent(accuracy),
    ...(seeds.length > 1 ? ends.map(endText) : [])
  ]
  return {
    title: `The ${trial.design.cells.length} combinations`,
    columns: [
      ...switches.map(({ label }) => ({ title: label })),
      { title: 'Accuracy', right: true },
      ...(seeds.length > 1 ? seeds.map((seed) => ({ title: `Seed ${seed}`, right: true })) : [])
    ],
    rows: rows.map(text)
  }
}

const inPoints = (value: number | undefined): string => (value === undefined ? '–' : signed(value))

/** What stands beside a share of the order of switching. */
const ORDERS = {
  full: [
    { title: 'Lowest', right: true },
    { title: 'Highest', right: true }
  ],
  fractional: [
    { title: 'Switched first', right: true },
    { title: 'Switched last', right: true }
  ]
} as const

function sharesTable({ switches, design }: Trial, { shares, gap, gapSpread }: Result): ResultTable {
  const right = ['Share', 'Std over seeds']
  return {
    title: 'Shares of the gap, in points',
    columns: [
      { title: 'Switch' },
      ...right.map((title) => ({ title, right: true })),
      ...ORDERS[design.kind]
    ],
    rows: [
      ...shares.map(({ share, spread, range, ends }, at) => [
        switches[at]!.label,
        ...[share, spread, ...(range ?? ends ?? [undefined, undefined])].map(inPoints)
      ]),
      ['All together', inPoints(gap), inPoints(gapSpread), '', '']
    ]
  }
}

export function tablesOf(
  trial: Trial,
  rows: readonly Row[],
  result: Result | undefined
): ResultTable[] {
  if (trial.switches.length === 0) return []
  const cells = cellsTable(trial, rows)
  return result ? [sharesTable(trial, result), cells] : [cells]
}
