import { Context } from 'svgcanvas'

const ANCHORS: Readonly<Record<CanvasTextAlign, string>> = {
  left: 'start',
  start: 'start',
  center: 'middle',
  right: 'end',
  end: 'end'
}
const BASELINES: Readonly<Record<CanvasTextBaseline, string>> = {
  alphabetic: 'alphabetic',
  ideographic: 'ideographic',
  hanging: 'hanging',
  top: 'text-before-edge',
  middle: 'central',
  bottom: 'text-after-edge'
}
const FONT = /^(?:(normal|italic|oblique) )?(?:(\d+|bold) )?([\d.]+px) (.+)$/

/** A context whose drawing is SVG. */
export function svgContext({ width, height }: { width: number; height: number }): Context {
  const context = new Context({ width, height, document })
  // svgcanvas reads the font through an inline style, which the window's content rules forbid
  context.__applyText = (text, x, y, action) => {
    const [, style = 'normal', weight = '400', size = '', family = ''] =
      FONT.exec(context.font) ?? []
    const parent = context.__closestGroupOrSvg()
    const element = context.__createElement(
      'text',
      {
        'font-family': family,
        'font-size': size,
        'font-style': style,
        'font-weight': weight,
        x,
        y,
        'text-anchor': ANCHORS[context.textAlign],
        'dominant-baseline': BASELINES[context.textBaseline]
      },
      true
    )
    element.append(text)
    context.__currentElement = element
    context.__applyTransformation(element)
    context.__applyStyleToCurrentElement(action)
    parent.appendChild(element)
  }
  return context
}

/** The drawing as text, with what was put into it. */
export function svgText(context: Context): string {
  const root = context.getSvg()
  // set as a plain attribute by svgcanvas: written twice it would be no XML
  for (const svg of [root, ...root.querySelectorAll('svg')]) svg.removeAttribute('xmlns')
  return new XMLSerializer().serializeToString(root)
}
