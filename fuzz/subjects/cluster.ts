import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { encode } from '../../src/contract/codec'
import { NormscopeError } from '../../src/core/error'
import { Cluster } from '../../src/main/cluster/cluster'
import { eventLine, eventsIn } from '../../src/main/cluster/job-events'
import type { JobEvent } from '../../src/main/cluster/job-events'
import { RayJobs } from '../../src/main/cluster/ray-jobs'
import { run } from '../../tests/core/study/small-study'
import type { FileSet, Place, Subject } from '../subject'

const NODE = '29b8846b0c4a'
/** In its place the id of the job that was sent stands, as Ray says it again. */
const ID = 'SUBMISSION-ID'

const EVENTS: readonly JobEvent[] = [
  { type: 'checked', datasetId: 'a', ready: { type: 'ready', backend: 'wasm', notes: [] } },
  { type: 'trainer', event: { type: 'epoch', id: 'a', record: run.epochs[0]! } },
  {
    type: 'trainer',
    event: {
      ...{ type: 'ended', id: 'a', status: 'finished', notes: ['n'] },
      ...{
        weightsSha256: 'a'.repeat(64),
        weights: new Uint8Array(8),
        results: { confusion: [[1]] }
      }
    }
  }
]

const status = {
  ...{ type: 'SUBMISSION', job_id: null, submission_id: ID, status: 'SUCCEEDED' },
  ...{ message: 'Job finished.', driver_agent_http_address: 'http://10.0.0.2:52365' },
  driver_node_id: NODE
}
const node = {
  ...{ nodeId: NODE, state: 'ALIVE', nodeManagerAddress: '10.0.0.2' },
  resourcesTotal: { CPU: 2, memory: 1e9 }
}

/** Whole answers, as they come over the wire. */
const answer = (value: unknown): Uint8Array => {
  const body = JSON.stringify(value)
  // the id that stands in for another is not as long
  const head = ['HTTP/1.1 200 OK', 'Content-Type: application/json', 'Connection: close']
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
}
const chunked = (value: unknown): Uint8Array => {
  const body = JSON.stringify(value)
  const head = ['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', 'Connection: close']
  const size = Buffer.byteLength(body).toString(16)
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${size}\r\n${body}\r\n0\r\n\r\n`)
}

const ANSWERS: FileSet = {
  version: chunked({ version: '4', ray_version: '2.60.0' }),
  nodes: chunked({ result: true, data: { summary: [{ ip: '10.0.0.2', raylet: node }] } }),
  submit: answer({ job_id: ID, submission_id: ID }),
  job: answer(status),
  logs: chunked({ logs: `people\n${EVENTS.map(eventLine).join('')}` })
}

/** By the path of a request. */
const nameOf = (head: string): string => {
  const [method, path = ''] = head.split(' ')
  if (path.startsWith('/api/version')) return 'version'
  if (path.startsWith('/nodes')) return 'nodes'
  if (path.endsWith('/logs')) return 'logs'
  return method === 'POST' && path === '/api/jobs/' ? 'submit' : 'job'
}

let server: Server | undefined
let folder = ''

/** A cluster that answers with the bytes of files, and knows nothing else of HTTP. */
async function address(of: string): Promise<URL> {
  folder = of
  server ??= createServer((socket) => {
    let asked = ''
    socket.on('error', () => undefined)
    socket.on('data', (part) => {
      asked += part.toString('latin1')
      const [head = '', body] = asked.split('\r\n\r\n')
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
      if (body === undefined || body.length < length) return
      const file = join(folder, nameOf(head))
      // asked late: the attempt is over
      if (!existsSync(file)) return void socket.destroy()
      const bytes = readFileSync(file).toString('latin1')
      const id = /"submission_id":"([^"]*)"/.exec(body)?.[1] ?? ID
      socket.end(Buffer.from(bytes.replaceAll(ID, id), 'latin1'))
    })
  }).unref()
  if (!server.listening) await new Promise<void>((done) => server!.listen(0, '127.0.0.1', done))
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
}

const times = { lookMs: 1, awayMs: 10, unreadMs: 10 }

async function asked({ folder: of, signal }: Place): Promise<string> {
  const jobs = new RayJobs(await address(of), { silentMs: 2000, wholeMs: 4000 })
  const cluster = new Cluster({ jobs, program: 'normscope', times })
  const enough = new AbortController()
  const why = new NormscopeError({ code: 'cancelled', message: 'It took long enough to be seen.' })
  const timer = setTimeout(() => enough.abort(why), 3000)
  try {
    await jobs.facts()
    await jobs.isGone(NODE)
    eventsIn(await jobs.log('a'))
    const all = AbortSignal.any([signal, enough.signal])
    await cluster.check({ paths: ['/a'] }, 'a', { signal: all })
    return 'cluster'
  } finally {
    clearTimeout(timer)
  }
}

/** The answers of a Ray cluster, and what its jobs write, unpacked so that damage reaches what reads it. */
export const CLUSTER: Readonly<Record<string, Subject>> = {
  cluster: { files: () => ANSWERS, read: asked },
  'events of a job': {
    files: () =>
      Object.fromEntries(EVENTS.map((event, at) => [`${at}.cbor`, encode(event)] as const)),
    read(place) {
      const packed = deflateSync(readFileSync(join(place.folder, place.file))).toString('base64')
      eventsIn(`normscope-job:${packed}.\n`)
      return Promise.resolve('event')
    }
  },
  'log of a job': {
    files: () => ({ log: Buffer.from(`people\n${EVENTS.map(eventLine).join('')}`) }),
    read(place) {
      eventsIn(readFileSync(join(place.folder, place.file), 'utf8'))
      return Promise.resolve('log')
    }
  }
}
