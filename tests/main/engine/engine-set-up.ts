import { dense } from '../../../src/core/network/layers/layers'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest'
import type { EngineApi, EngineEvents, EngineNotice } from '../../../src/contract/engine'
import { valueOf } from '../../../src/core/error'
import type { Result } from '../../../src/core/error'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import type { RunRecord } from '../../../src/core/study/run'
import { createEngine } from '../../../src/main/engine/engine'
import type { Engine, EngineOptions } from '../../../src/main/engine/engine'
import { FakeTrainer } from './fake-trainer'
import { writeSmallImages } from './small-images'

export const config: RunConfig = {
  ...TUTORIAL_CONFIG,
  layers: [dense(3)],
  batch: 4,
  probeImages: 6
}

export async function value<T>(result: Promise<Result<T>>): Promise<T> {
  return valueOf(await result)
}

/** What a test does with an engine whose trainers wait for the test. */
export interface TestEngine {
  readonly engine: EngineApi
  readonly shell: Engine
  readonly trainers: FakeTrainer[]
  readonly events: [string, unknown][]
  notices(): EngineNotice[]
  runs(): Promise<readonly RunRecord[]>
  statuses(): Promise<string[]>
  /** until the trainer has been given the run */
  given(at: number, id: string): Promise<void>
}

/**
 * A folder of this test file with small images in `images`, a cache of its own and no Fashion-MNIST
 * but small images; all engines are closed after each test, and the folder is taken away in the end.
 */
export function engineFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'normscope-engine-'))
  const images = join(folder, 'images')
  const engines: Engine[] = []
  const before = { ...process.env }

  beforeAll(() => {
    process.env.XDG_CACHE_HOME = join(folder, 'cache')
    process.env.NORMSCOPE_FASHION_MNIST = writeSmallImages(join(folder, 'fashion'), 9, 3)
    writeSmallImages(images)
  })
  afterEach(async () => {
    for (const engine of engines.splice(0)) await engine.close()
  })
  afterAll(() => {
    for (const name of ['XDG_CACHE_HOME', 'NORMSCOPE_FASHION_MNIST']) {
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
    }
    rmSync(folder, { recursive: true, force: true })
  })

  /** An engine that keeps its runs in a folder of this name. */
  function setUp(kept: string, options: Partial<EngineOptions> = {}): TestEngine {
    const events: [string, unknown][] = []
    const emit = new Proxy({} as EngineEvents, {
      get: (_, name: string) => (argument: unknown) => events.push([name, argument])
    })
    const trainers: FakeTrainer[] = []
    let clock = 1000
    const engine = createEngine({
      spawnTrainer: () => {
        const trainer = new FakeTrainer(trainers.length + 1)
        trainers.push(trainer)
        setTimeout(() => trainer.ready())
        return Promise.resolve(trainer)
      },
      folder: join(folder, kept),
      trainers: 1,
      emit,
      now: () => clock++,
      ...options
    })
    engines.push(engine)
    const runs = async (): Promise<readonly RunRecord[]> => value(engine.api.runs({}))
    return {
      engine: engine.api,
      shell: engine,
      trainers,
      events,
      notices: () =>
        events.flatMap(([name, notice]) => (name === 'notice' ? [notice as EngineNotice] : [])),
      runs,
      statuses: async () => (await runs()).map(({ status }) => status),
      given: (at, id) =>
        vi.waitFor(() => expect(trainers[at]?.run).toBe(id), { timeout: 5000, interval: 2 })
    }
  }
  return { folder, images, setUp }
}
