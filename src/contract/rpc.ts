import { createBirpc } from 'birpc'
import { z } from 'zod'
import { errorFacts } from '../core/error'
import type { Result } from '../core/error'
import { engineSchemas } from './engine'
import type { EngineApi, EngineEvents, EngineInput, EngineMethod, EngineOutput } from './engine'
import type { Line } from './line'

const METHODS = Object.keys(engineSchemas) as EngineMethod[]

const EVENTS = [
  'openProgress',
  'datasetOpened',
  'openEnded',
  'runChanged',
  'runEpoch',
  'runProgress',
  'runsRemoved',
  'statusChanged',
  'notice'
] as const satisfies readonly (keyof EngineEvents)[]

const options = (line: Line) => ({
  post: (message: unknown) => line.post(message),
  on: (listener: (message: unknown) => void) => line.onMessage(listener),
  // training and opening take as long as they take
  timeout: -1
})

/** The window's side: every call gets a Result, also when the engine is lost on the way. */
export function connectEngine(line: Line, events: EngineEvents): EngineApi {
  const heard: EngineEvents = Object.assign(
    Object.create(null) as EngineEvents,
    Object.fromEntries(EVENTS.map((name) => [name, events[name].bind(events)]))
  )
  const rpc = createBirpc<EngineApi, EngineEvents>(heard, {
    ...options(line),
    resolver: (name) => heard[name as keyof EngineEvents] as never
  })
  line.onClose(() => rpc.$close(new Error('closed')))
  const api = Object.fromEntries(
    METHODS.map((method) => [
      method,
      async (input: never): Promise<Result<unknown>> => {
        try {
          return await (rpc[method] as (input: never) => Promise<Result<unknown>>)(input)
        } catch {
          const message = 'The engine ended before it answered. It is being started again.'
          return { ok: false, error: { code: 'engine-lost', message } }
        }
      }
    ])
  )
  return api as unknown as EngineApi
}

/** The engine's side: answers calls over the line, and returns the events it can send. */
export function serveEngine(line: Line, api: EngineApi): EngineEvents {
  const guarded = Object.create(null) as Record<string, (input: unknown) => Promise<unknown>>
  for (const method of METHODS) guarded[method] = (input) => answer(api, method, input)
  const rpc = createBirpc<EngineEvents, object>(
    {},
    { ...options(line), resolver: (name) => guarded[name] as never }
  )
  let open = true
  line.onClose(() => {
    open = false
    rpc.$close()
  })
  const send = (name: keyof EngineEvents, argument: unknown): void => {
    if (open) void (rpc[name].asEvent as (argument: unknown) => void)(argument)
  }
  return Object.fromEntries(
    EVENTS.map((name) => [name, (argument: unknown) => send(name, argument)])
  ) as unknown as EngineEvents
}

async function answer<M extends EngineMethod>(
  api: EngineApi,
  method: M,
  given: unknown
): Promise<Result<EngineOutput<M>>> {
  const checked = engineSchemas[method].safeParse(given)
  if (!checked.success) {
    const message = `The call ${method} was refused: ${z.prettifyError(checked.error)}`
    return { ok: false, error: { code: 'invalid-argument', message } }
  }
  try {
    return await api[method](checked.data as EngineInput<M>)
  } catch (thrown) {
    return { ok: false, error: errorFacts(thrown) }
  }
}
