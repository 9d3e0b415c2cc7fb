import { parse } from 'parse5'
import type { DefaultTreeAdapterTypes } from 'parse5'
import { expect, it } from 'vitest'
import { figureSvg } from '../../src/chart/svg/figure-svg'
import type { Figure } from '../../src/core/figure/figure'

const HOSTILE = '</text></svg><script>alert(1)</script><img src=x onerror="alert(2)">& \'" \u0000'

const figure: Figure = {
  id: HOSTILE,
  title: HOSTILE,
  subtitle: HOSTILE,
  definition: HOSTILE,
  summary: HOSTILE,
  x: { label: HOSTILE, scale: 'linear', format: 'integer' },
  y: { label: HOSTILE, scale: 'linear', format: 'count', min: 0 },
  marks: [
    {
      kind: 'steps',
      label: HOSTILE,
      colour: { role: 'accent' },
      fill: true,
      edges: [0, 1, 2],
      heights: [3, 4]
    }
  ]
}

type Node = DefaultTreeAdapterTypes.Node

const elementsIn = (node: Node): DefaultTreeAdapterTypes.Element[] => [
  ...('tagName' in node ? [node] : []),
  ...('childNodes' in node ? node.childNodes.flatMap(elementsIn) : [])
]

it('an SVG with names that look like markup holds them as texts', () => {
  const svg = figureSvg(figure, 'light', { ids: HOSTILE, size: { width: 600, height: 300 } })
  const elements = elementsIn(parse(svg))
  const names = new Set(elements.map(({ tagName }) => tagName))
  expect(names).toContain('text')
  for (const name of ['script', 'img', 'foreignobject', 'a']) expect(names).not.toContain(name)
  for (const { attrs } of elements) {
    expect(attrs.filter(({ name }) => /^on|href/.test(name))).toEqual([])
  }
  expect(svg).toContain('&lt;script&gt;')
})
