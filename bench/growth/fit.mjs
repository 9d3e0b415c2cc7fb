/**
 * The exponent b of y = a xᵇ by least squares of log y on log x, with its standard error
 * √(Σ residual² / (n − 2) / Σ (log x − mean)²), and y at any x by the fit.
 */
export function powerLaw(xs, ys) {
  const [u, v] = [xs.map(Math.log), ys.map(Math.log)]
  const mean = (all) => all.reduce((sum, one) => sum + one, 0) / all.length
  const [centre, level] = [mean(u), mean(v)]
  const spread = u.reduce((sum, one) => sum + (one - centre) ** 2, 0)
  const exponent = u.reduce((sum, one, at) => sum + (one - centre) * (v[at] - level), 0) / spread
  const residual = u.reduce(
    (sum, one, at) => sum + (v[at] - level - exponent * (one - centre)) ** 2,
    0
  )
  return {
    exponent,
    error: Math.sqrt(residual / (u.length - 2) / spread),
    at: (x) => Math.exp(level + exponent * (Math.log(x) - centre))
  }
}
