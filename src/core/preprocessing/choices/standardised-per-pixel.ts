import { featureMoments } from '../../statistics/moments'
import { choice } from '../choice'
import { constant } from '../../numbers'
import { affine, extremes, rangeOf } from '../fitting'
import { eachPixel } from '../snippet'

export const STANDARDISED_PER_PIXEL = choice({
  id: 'standardised-per-pixel',
  name: 'Standardised, each pixel',
  shortName: 'Std. each pixel',
  formula: '(x - mean_p) / max(std_p, floor)',
  alsoCalled: [
    {
      name: 'StandardScaler (scikit-learn)',
      difference: 'which has no floor and counts a std of 0 as 1'
    }
  ],
  definition:
    "Each value less the mean of its position, divided by that position's std; mean and std are of the training split only, std divided by N. The std is at least one 255th of the range (1 for bytes), so that border pixels that are hardly ever lit are not blown up.",
  source: 'scikit-learn StandardScaler; the floor is our convention',
  colour: { light: '#b8860b', dark: '#e0b040', line: 'dashed' },
  first: true,
  needs: 'images',
  fit(summary) {
    const { mean, std } = featureMoments(summary)
    const floor = rangeOf(summary).max / 255
    const atFloor = std.reduce((count, value) => count + (value < floor ? 1 : 0), 0)
    return affine(
      Array.from(mean),
      Array.from(std, (value) => Math.max(value, floor)),
      { floor: [floor], pixelsAtFloor: [atFloor], mean: extremes(mean), std: extremes(std) }
    )
  },
  describe: ({ floor }) => `(x - mean_p) / max(std_p, ${constant(floor![0]!)})`,
  snippets: ({ floor }) => eachPixel(floor![0])
})
