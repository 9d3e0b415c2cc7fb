import { afterAll, beforeAll } from 'vitest'
import { createPortableSession } from '../../../../src/main/trainer/portable'
import type { PortableBackendId } from '../../../../src/main/trainer/portable'
import type { CreateSession, TrainingSession } from '../../../../src/main/trainer/session'
import { inputOf, weightsOf } from '../native/fixture'
import type { Case } from '../native/fixture'

/** Sessions of one backend, one at a time: starting one, or `end`, disposes of the one before. */
export function portableSessions(backend: PortableBackendId) {
  let create: CreateSession
  let session: TrainingSession | undefined
  const end = (): void => {
    session?.dispose()
    session = undefined
  }
  beforeAll(async () => {
    create = await createPortableSession(backend)
  })
  afterAll(end)

  return {
    end,
    async start(given: Case): Promise<TrainingSession> {
      end()
      session = await create(inputOf(given))
      session.initialise(weightsOf(given))
      return session
    }
  }
}
