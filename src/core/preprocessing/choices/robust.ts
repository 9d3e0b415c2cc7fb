import { channelMoments } from '../../statistics/moments'
import { channelQuantiles, quantilesAreExact } from '../../statistics/quantiles'
import { choice } from '../choice'
import { affine, orOne } from '../fitting'

export const ROBUST = choice({
  id: 'robust',
  name: 'Robust, whole set',
  shortName: 'Robust',
  formula: '(x - median_c) / IQR_c',
  alsoCalled: [
    {
      name: 'RobustScaler (scikit-learn)',
      difference: 'which takes each feature by itself and counts a range of 0 as 1'
    }
  ],
  definition:
    'Each channel less its median, divided by its interquartile range (75th less 25th percentile, interpolated linearly) over the training split; where that is 0 by its std, and where that is 0 too by 1.',
  source: 'scikit-learn RobustScaler; Hyndman & Fan 1996, definition 7',
  colour: { light: '#999933', dark: '#c9c95a', line: 'solid' },
  needs: 'images',
  fit(summary) {
    const { std } = channelMoments(summary)
    const quartiles = std.map((_, c) => channelQuantiles(summary, c, [0.25, 0.5, 0.75]))
    const median = quartiles.map((three) => three[1]!)
    const iqr = quartiles.map((three) => three[2]! - three[0]!)
    const divisor = iqr.map((value, c) => (value > 0 ? value : orOne(std[c]!)))
    const parameters = { median, iqr, divisor }
    return quantilesAreExact(summary)
      ? affine(median, divisor, parameters)
      : affine(median, divisor, { ...parameters, quartileError: [1 / 256] })
  },
  remark: ({ iqr }) =>
    iqr?.includes(0) ? 'an IQR of 0 is replaced by the std, and a std of 0 by 1' : undefined,
  approximation: ({ quartileError }) =>
    quartileError &&
    'Median and quartiles are within 0.4 %: the pixels have more than 65,536 distinct values.'
})
