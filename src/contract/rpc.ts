import { createBirpc } from 'birpc'
import { z } from 'zod'
import { errorFacts } from '../core/error'
import type { ErrorFacts, Result } from '../core/error'
import { engineSchemas } from './engine'
import type { EngineApi, EngineEvents, EngineInput, EngineMethod, EngineOutput } from './engine'
import type { Line } from './line'

const METHODS = Object.keys(engineSchemas) as EngineMethod[]

const EVENTS = [
  'openProgress',
  'datasetOpened',
  'openEnded',
  'reportProgress',
  'countingProgress',
  'studyOpened',
  'runChanged',
  'runEpoch',
  'runProgress',
  'runsRemoved',
  'experimentChanged',
  'experimentsRemoved',
  'statusChanged',
  'notice'
] as const satisfies readonly (keyof EngineEvents)[]

/** What the next event of its kind says anyway: left out for a window that is behind. */
const PASSING: readonly (keyof EngineEvents)[] = [
  'openProgress',
  'reportProgress',
  'countingProgress',
  'runProgress'
]

/** A message that the line did not take: it cannot be cloned or encoded, or is too large. */
class NotSent extends Error {}

const options = (line: Line) => ({
  post(message: unknown) {
    try {
      line.post(message)
    } catch (thrown) {
      throw new NotSent(reasonOf(thrown))
    }
  },
  on: (listener: (message: unknown) => void) =>
    line.onMessage((message) => {
      if (isMessage(message)) listener(message)
    }),
  // training and opening take as long as they take
  timeout: -1
})

/** Whether birpc can take it: a call or event with its arguments, or the answer to a call. */
function isMessage(message: unknown): boolean {
  if (typeof message !== 'object' || message === null) return false
  const { t, i, m, a } = message as Record<string, unknown>
  if (t === 's') return typeof i === 'string'
  const numbered = i === undefined || typeof i === 'string'
  return t === 'q' && numbered && typeof m === 'string' && Array.isArray(a)
}

/** The window's side: every call gets a Result, also when it cannot be sent or the engine is lost on the way. */
export function connectEngine(line: Line, events: EngineEvents): EngineApi {
  const heard: EngineEvents = Object.assign(
    Object.create(null) as EngineEvents,
    Object.fromEntries(EVENTS.map((name) => [name, events[name].bind(events)]))
  )
  const rpc = createBirpc<EngineApi, EngineEvents>(heard, {
    ...options(line),
    resolver: (name) => heard[name as keyof EngineEvents] as never
  })
  let lost = false
  line.onClose(() => {
    lost = true
    rpc.$close(new Error('closed'))
  })
  const api = Object.fromEntries(
    METHODS.map((method) => [
      method,
      async (input: never): Promise<Result<unknown>> => {
        try {
          return await (rpc[method] as (input: never) => Promise<Result<unknown>>)(input)
        } catch (thrown) {
          return { ok: false, error: lost ? LOST : failureOf(method, thrown) }
        }
      }
    ])
  )
  return api as unknown as EngineApi
}

const LOST: ErrorFacts = {
  code: 'engine-lost',
  message: 'The engine ended before it answered. It is being started again.'
}

const reasonOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown)

function failureOf(method: EngineMethod, thrown: unknown): ErrorFacts {
  const reason = reasonOf(thrown)
  return thrown instanceof NotSent
    ? { code: 'not-sent', message: `The call ${method} could not be sent: ${reason}` }
    : { code: 'no-answer', message: `The engine could not answer the call ${method}: ${reason}` }
}

/** The engine's side: answers calls over the line, and returns the events it can send. */
export function serveEngine(line: Line, api: EngineApi): EngineEvents {
  const guarded = Object.create(null) as Record<string, (input: unknown) => Promise<unknown>>
  for (const method of METHODS) guarded[method] = (input) => answer(api, method, input)
  const rpc = createBirpc<EngineEvents, object>(
    {},
    {
      ...options(line),
      resolver: (name) => guarded[name] as never,
      // the caller is told of an answer that cannot be sent; the engine goes on
      onGeneralError: () => true
    }
  )
  let open = true
  line.onClose(() => {
    open = false
    rpc.$close()
  })
  const send = (name: keyof EngineEvents, argument: unknown): void => {
    if (!open || (PASSING.includes(name) && line.isBehind?.())) return
    const sent = (rpc[name].asEvent as (argument: unknown) => Promise<void>)(argument)
    void sent.catch((thrown: unknown) => {
      // a notice is plain words: it can be sent, unless the window is gone
      const message = `The window was not told of ${name}: ${reasonOf(thrown)}`
      if (name !== 'notice') send('notice', { level: 'error', message })
    })
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
