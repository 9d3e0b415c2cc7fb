import type { CreateSession } from '../session'
import { kernelsHash, loadBinding } from './tensorflow/binding'
import { GraphKeeper } from './kept-graph'
import { NativeSession } from './native-session'

/** Version of the loaded libtensorflow; loads it. */
export function nativeVersion(): string {
  return loadBinding().TF_Version
}

/** What decides on the last bits of a result besides the library's version. */
export function nativeKernels(): string | undefined {
  return kernelsHash()
}

/** Tensors and graphs that TensorFlow holds for this process. */
export function nativeTensors(): number {
  const binding = loadBinding()
  return binding.getNumOfTensors() + binding.getNumOfSavedModels()
}

/**
 * A session that runs a whole configuration inside one TensorFlow graph, many steps a call. Rejects with
 * NormscopeError 'label-out-of-range', 'wrong-size' or 'tensorflow-call-failed'; the last is fatal for
 * the process.
 */
export const createNativeSession: CreateSession = async (input) => new NativeSession(input)

/** Sessions of a process that trains one run after another: what can be used again of one is kept for the next. */
export function nativeSessions(): CreateSession {
  const keeper = new GraphKeeper()
  return async (input) => new NativeSession(input, undefined, undefined, keeper)
}
