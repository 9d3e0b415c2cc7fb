import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import type * as tfjs from '@tensorflow/tfjs-core'

/** tfjs core with one backend set. */
export type Tf = typeof tfjs
export type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'

export type PortableBackendId = 'wasm' | 'cpu'

/** Loads tfjs core and one of its portable backends; rejects when WebAssembly cannot be had. */
export async function loadTensors(backend: PortableBackendId): Promise<Tf> {
  const tf = await import('@tensorflow/tfjs-core')
  // Without its check of every result and its advertisement of another package on the console.
  tf.enableProdMode()
  if (backend === 'wasm') {
    const wasm = await import('@tensorflow/tfjs-backend-wasm')
    const require = createRequire(import.meta.url)
    wasm.setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep)
  } else {
    await import('@tensorflow/tfjs-backend-cpu')
  }
  if (!(await tf.setBackend(backend))) {
    throw new Error(`The ${backend} backend of TensorFlow.js could not be started.`)
  }
  await tf.ready()
  return tf
}
