import { describe, expect, it } from 'vitest'
import { figureCsv, figureTables } from '../../src/chart/figure-numbers'
import { figureSvg } from '../../src/chart/svg/figure-svg'
import { recordOf } from '../../src/chart/marks/marks'
import type { Figure } from '../../src/core/figure/figure'

const names = ['as stored', 'divided']
const edges = [-0.5, 0.5, 1.5]
const FIGURE: Figure = {
  ...{ id: 'matrix', title: 'Matrix', subtitle: '', definition: '', summary: '' },
  x: { label: 'tested under', scale: 'linear', format: 'integer', names },
  y: { label: 'trained under', scale: 'linear', format: 'integer', names, reverse: true },
  marks: [
    {
      ...{ kind: 'cells', label: 'accuracy', xEdges: edges, yEdges: edges },
      ...{ values: [0.7, 0.1, 0.8, 0.9], colours: 'cividis', domain: [0, 1], format: 'percent' }
    }
  ]
}

describe('words of cells', () => {
  const words = ['70 %', '10 %', '80 %', '90 %']
  const written = (of: readonly string[]): string[] => {
    const marks = FIGURE.marks.map((mark) => ({ ...mark, words: of }))
    const svg = figureSvg({ ...FIGURE, marks } as Figure, 'light')
    return of.filter((word) => svg.includes(`>${word}<`))
  }

  it('are written in the picture where all have room, and none where one has not', () => {
    expect(written(words)).toEqual(words)
    expect(
      written([...words.slice(1), 'a word that is wider than half of the picture is'.repeat(3)])
    ).toEqual([])
  })
})

describe('cells between two axes of names', () => {
  it('have their names in the CSV in place of edges', () => {
    const lines = figureCsv(FIGURE).split('\r\n')
    expect(lines[2]).toBe('cells,accuracy,divided,,as stored,,0.1,,')
  })

  it('have them in the table', () => {
    const [table] = figureTables(FIGURE)
    expect(table!.head).toEqual(['tested under', 'trained under', 'accuracy'])
    expect(table!.rows[2]).toEqual(['as stored', 'divided', '80.00 %'])
  })

  it('have them in the tooltip', () => {
    const [mark] = FIGURE.marks
    const told = recordOf(mark!).tell!(mark!, 1, FIGURE, true)
    expect(told).toEqual({
      title: 'tested under: divided\ntrained under: as stored',
      line: 'accuracy: 10.00 %'
    })
  })
})
