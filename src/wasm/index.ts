/* AssemblyScript. What the module offers to main/statistics/wasm-kernels.ts. */
export { alike, commonByte, orderRoom } from './alike'
export { clear, countBytes, sumBytes } from './bytes'
export { countWithin } from './columns'
export { addByteProducts, addColumns, columnMasks, columns, covarianceMatrix } from './covariance'
export { crc32, crc32Tables } from './crc32'
export { inverseRows, largestOf } from './inverses'
export { addShifts, imageMoments, scaleImages } from './images'
export { tallyImages } from './tally'
export { less, multiplyPanel, panelOf } from './products'
export { listPairs, multiplyPairs } from './pairs'
export { reduce, reduceEnd } from './reduce'
export { turn, turnRoom } from './turn'
export { extendByImages, tallyPlaces, tallyValues } from './values'
export { assist, together } from './works'

/** The first address that is free for what the functions are given. */
export function memoryStart(): usize {
  return __heap_base
}
