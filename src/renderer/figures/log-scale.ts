import type { Figure } from '../../core/figure/figure'

/** Background pixels would flatten all others on a linear scale. */
export function onLogScale(figure: Figure): Figure {
  const marks = figure.marks.map((mark) => (mark.kind === 'steps' ? { ...mark, fill: true } : mark))
  return { ...figure, y: { ...figure.y, scale: 'log', min: 1 }, marks }
}
