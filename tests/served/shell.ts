import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { WebSocket as NodeSocket } from 'ws'
import { decode, encode } from '../../src/contract/codec'
import type { EngineApi, EngineEvents } from '../../src/contract/engine'
import { connectEngine } from '../../src/contract/rpc'
import { valueOf } from '../../src/core/error'
import { eventually, PROGRAM_FOLDER } from '../desktop/project'

/** `normscope serve …` and a client of its engine, without a window. */
export interface Shell {
  readonly host: ChildProcess
  readonly pid: number
  /** of its window */
  readonly address: string
  /** An engine that has opened its images; rejects while there is none. */
  connected(): Promise<EngineApi>
  /** the same, waited for */
  connect(): Promise<EngineApi>
  /** as Ctrl-C does; settles when it has ended */
  stop(): Promise<void>
}

/**
 * @param words behind `serve`; @param env besides this process's own
 * @param inside a program and its words that start the command behind them
 */
export async function startShell(
  words: readonly string[],
  env: Record<string, string>,
  inside: readonly string[] = []
): Promise<Shell> {
  let said = ''
  const [program, ...rest] = [...inside, process.execPath, join(PROGRAM_FOLDER, 'cli.cjs')]
  const host = spawn(program!, [...rest, 'serve', ...words], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...env }
  })
  for (const stream of [host.stdout!, host.stderr!]) {
    stream.on('data', (part: Buffer) => (said += part.toString()))
  }
  const address = await eventually(
    'the address',
    () => /Normscope is at (http:\/\/127\.0\.0\.1:\d+\/#\S+)/.exec(said)?.[1]
  )
  const connected = (): Promise<EngineApi> => connectedTo(address)
  return {
    ...{ host, pid: host.pid!, address, connected },
    connect: () => eventually('the engine', () => connected().catch(() => undefined)),
    async stop() {
      const end = new Promise((resolve) => host.once('exit', resolve))
      host.kill('SIGTERM')
      await end
    }
  }
}

async function connectedTo(address: string): Promise<EngineApi> {
  const { host: at, hash, origin } = new URL(address)
  const socket = new NodeSocket(`ws://${at}/engine`, ['normscope', hash.slice(1)], { origin })
  socket.binaryType = 'nodebuffer'
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  const events = new Proxy({} as EngineEvents, { get: () => () => undefined })
  const api = connectEngine(
    {
      post: (message) => socket.send(encode(message)),
      onMessage: (listener) => void socket.on('message', (part: Buffer) => listener(decode(part))),
      onClose: (listener) => void socket.once('close', listener)
    },
    events
  )
  if (!valueOf(await api.dataset({}))) throw new Error('The images are not yet open.')
  return api
}
