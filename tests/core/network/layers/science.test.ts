import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { LayerKind } from '../../../../src/core/network/layers/layer'
import { LAYERS } from '../../../../src/core/network/layers/list'

const science = readFileSync('docs/SCIENCE.md', 'utf8')
const rows = science.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))

it.each(LAYERS.map((kind): [string, LayerKind] => [kind.name, kind as unknown as LayerKind]))(
  '%s is told in docs/SCIENCE.md with what comes out of it and its source',
  (name, { text, formula, source }) => {
    expect(rows).toContainEqual(['', name, `\`${text.example}\``, formula, source, ''])
  }
)
