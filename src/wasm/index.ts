/* AssemblyScript. What the module offers to main/statistics/wasm-kernels.ts. */
export { clear, countBytes, sumBytes } from './bytes'
export { countWithin } from './columns'
export { addByteProducts, addColumns, columns, covarianceMatrix } from './covariance'
export { inverseRows } from './inverses'
export { addShifts, imageMoments } from './images'
export { tallyImages } from './tally'
export { centre, multiplyPanel, panelOf } from './products'
export { reduce, reduceEnd } from './reduce'
export { turn, turnRoom } from './turn'
export { extendByImages, tallyValues } from './values'
export { assist, together } from './works'

/** The first address that is free for what the functions are given. */
export function memoryStart(): usize {
  return __heap_base
}
