/* AssemblyScript. What the module offers to main/statistics/wasm-kernels.ts. */
export { clear, countBytes, sumBytes } from './bytes'
export { countWithin } from './columns'
export { addByteProducts, addColumns, columns } from './covariance'
export { addShifts, imageMoments } from './images'
export { tallyImages } from './tally'
export { mirror, multiplyPanel, panelOf, scaleAndAdd, updateAndMultiply } from './whitening'

/** The first address that is free for what the functions are given. */
export function memoryStart(): usize {
  return __heap_base
}
