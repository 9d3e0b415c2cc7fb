/** What is told of a place in a picture, in its pixels. */
export interface Tip {
  readonly x: number
  readonly y: number
  readonly title: readonly string[]
  readonly lines: readonly string[]
}
