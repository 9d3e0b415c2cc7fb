import { errorFacts, NormscopeError } from '../../core/error'
import type { BackendId } from '../../core/study/run'
import { TRAINER_ENVIRONMENT } from '../processes/channel'
import { NONE_HELD_WHOLE } from './images'
import type { MostHeld } from './images'
import { nativeKernels, nativeSessions, nativeTensors, nativeVersion } from './native'
import type { PortableBackendId } from './portable'
import type { CreateSession } from './session'

/** What trains in this process. */
export interface Backend {
  readonly id: BackendId
  /** of libtensorflow; the native backend only */
  readonly version?: string
  readonly createSession: CreateSession
  /** what decides on the last bits of a result besides the version; undefined where nothing does */
  readonly kernels?: string
  /** pixels that are held beside its sessions; absent: as loadImages has it */
  readonly mostHeld?: MostHeld
  /** tensors, and graphs, that it holds at present */
  tensors(): number
  /** why it is not the native one; shown on screen and in the log */
  readonly notes: readonly string[]
}

/** The backend that the environment asks for; the native one falls back to WebAssembly and says so. */
export async function chooseBackend(environment: NodeJS.ProcessEnv): Promise<Backend> {
  const asked = environment[TRAINER_ENVIRONMENT.backend] || 'native'
  if (asked === 'wasm' || asked === 'cpu') {
    return portable(asked, [])
  }
  if (asked !== 'native') {
    throw new NormscopeError({
      code: 'unknown-backend',
      message: `There is no training backend "${asked}".`,
      expected: 'native, wasm or cpu',
      actual: asked
    })
  }
  const missing = environment[TRAINER_ENVIRONMENT.nativeError]
  if (missing) return portable('wasm', [whyNotNative(missing)])
  try {
    const version = nativeVersion()
    return {
      ...{ id: 'tensorflow', version, notes: [] },
      createSession: nativeSessions(),
      kernels: nativeKernels(),
      mostHeld: NONE_HELD_WHOLE,
      tensors: nativeTensors
    }
  } catch (thrown) {
    return portable('wasm', [whyNotNative(errorFacts(thrown).message)])
  }
}

async function portable(id: PortableBackendId, notes: readonly string[]): Promise<Backend> {
  // a package that the native one does without
  const { createPortableSession, portableTensors, portableVersion } = await import('./portable')
  const createSession = await createPortableSession(id)
  return { id, version: portableVersion, createSession, notes, tensors: portableTensors }
}

/** The reason's first line: what a loader says goes on for many. */
function whyNotNative(reason: string): string {
  const [line = ''] = reason.split('\n')
  return `Training is slower than it could be: native TensorFlow is not available (${line})`
}
