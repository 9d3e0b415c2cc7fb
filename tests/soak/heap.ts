import { on, once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { WebSocket } from 'ws'
import { eventually } from '../desktop/project'

/**
 * Bytes of V8's heap in a process of Node, once everything that nobody holds is gone. The process is one
 * that was started with `--inspect-port=0`; SIGUSR1 opens its inspector, and does nothing where it is open.
 */
export async function heapOf(pid: number): Promise<number> {
  process.kill(pid, 'SIGUSR1')
  const url = await eventually(`the inspector of process ${pid}`, () => inspectorOf(pid))
  const socket = new WebSocket(url)
  try {
    await once(socket, 'open')
    await ask(socket, 'HeapProfiler.collectGarbage')
    return (await ask<{ usedSize: number }>(socket, 'Runtime.getHeapUsage')).usedSize
  } finally {
    socket.close()
  }
}

/** One question at a time. */
async function ask<T>(socket: WebSocket, method: string): Promise<T> {
  socket.send(JSON.stringify({ id: 1, method }))
  for await (const [data] of on(socket, 'message', { close: ['close'] })) {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result?: T }
    if (id === 1) return result!
  }
  throw new Error(`The process ended before it answered ${method}.`)
}

/** Its address, among whatever else the process listens at. */
async function inspectorOf(pid: number): Promise<string | undefined> {
  for (const port of listening(pid)) {
    const found = await fetch(`http://127.0.0.1:${port}/json/list`)
      .then((answer) => answer.json() as Promise<{ webSocketDebuggerUrl?: string }[]>)
      .catch(() => [])
    if (found[0]?.webSocketDebuggerUrl) return found[0].webSocketDebuggerUrl
  }
  return undefined
}

/** Ports of this computer that a process listens at (Linux). */
function listening(pid: number): number[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []
      } catch {
        return []
      }
    })
  )
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const words = line.trim().split(/\s+/)
      const listens = words[3] === '0A' && inodes.has(words[9]!)
      return listens ? [parseInt(words[1]!.split(':')[1]!, 16)] : []
    })
}
