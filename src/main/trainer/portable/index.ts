import { memory, version_core } from '@tensorflow/tfjs-core'
import { sizeOfShape } from '../../../core/network/layers/shape'
import type { CreateSession } from '../session'
import { createRows } from './rows'
import { PortableSession } from './session'
import { loadTensors } from './tensors'
import type { PortableBackendId } from './tensors'

export type { PortableBackendId } from './tensors'

export const portableVersion = `tfjs ${version_core}`

/** Tensors that tfjs holds for this process. */
export function portableTensors(): number {
  return memory().numTensors
}

/** Sessions on tfjs core ops, for machines without the native library; rejects where the backend cannot start. */
export async function createPortableSession(backend: PortableBackendId): Promise<CreateSession> {
  const tf = await loadTensors(backend)
  return async (input) => {
    const { preprocessing, plan, train, test } = input
    const features = sizeOfShape(plan.input)
    return new PortableSession(tf, input, {
      train: await createRows(tf, preprocessing, train, features),
      test: await createRows(tf, preprocessing, test, features)
    })
  }
}
