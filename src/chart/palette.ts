import type { ColourScale } from '../core/figure/figure'
import { scaleColour } from './theme'

/** Colours that are told apart: neighbours of one colour are drawn as one. */
export const PALETTE_COLOURS = 256

const palettes = new Map<ColourScale, readonly string[]>()

/** The colours of a scale, from its low end. */
export function paletteOf(scale: ColourScale): readonly string[] {
  const made =
    palettes.get(scale) ??
    Array.from({ length: PALETTE_COLOURS }, (_, i) =>
      scaleColour(scale, i / (PALETTE_COLOURS - 1), [0, 1])
    )
  palettes.set(scale, made)
  return made
}
