/** The part of svgcanvas that is used. */
declare module 'svgcanvas' {
  /** A 2-D drawing context that writes SVG. */
  export class Context {
    constructor(options: { width: number; height: number; document?: Document })
    readonly font: string
    readonly textAlign: CanvasTextAlign
    readonly textBaseline: CanvasTextBaseline
    getSvg(): SVGSVGElement
    __currentElement: Element
    __applyText: (text: string, x: number, y: number, action: 'fill' | 'stroke') => void
    __closestGroupOrSvg(): Element
    __createElement(
      name: string,
      properties: Readonly<Record<string, string | number>>,
      resetFill: boolean
    ): Element
    __applyTransformation(element: Element): void
    __applyStyleToCurrentElement(action: 'fill' | 'stroke'): void
  }
}
