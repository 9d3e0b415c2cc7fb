/** The part of svgcanvas that is used. */
declare module 'svgcanvas' {
  /** A 2-D drawing context that writes SVG. */
  export class Context {
    constructor(options: { width: number; height: number; document?: Document })
    getSerializedSvg(): string
  }
}
