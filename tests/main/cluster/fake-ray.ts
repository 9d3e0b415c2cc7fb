import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'
import { eventLine } from '../../../src/main/cluster/job-events'
import type { JobEvent } from '../../../src/main/cluster/job-events'
import { requestOf } from '../../../src/main/cluster/job-words'
import type { JobRequest } from '../../../src/main/cluster/job-words'
import { clusterAddress } from '../../../src/contract/cluster'
import { RayJobs } from '../../../src/main/cluster/ray-jobs'

type Status = 'PENDING' | 'RUNNING' | 'STOPPED' | 'SUCCEEDED' | 'FAILED'

/** A job as the fake has it; a test moves it on. */
export interface FakeJob {
  readonly id: string
  readonly entrypoint: string
  readonly cpus: number
  readonly request: JobRequest
  /** how many jobs with the same request came before it */
  readonly again: number
  status: Status | 'GONE'
  log: string
  message?: string
  node?: string
  stopped: boolean
  /** its log is asked for in vain, as on a node that died */
  unread?: boolean
  tell(...events: JobEvent[]): FakeJob
}

const servers: Server[] = []
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

/** What Ray 2.60 answers, as it was recorded from it, for jobs that a test plays. */
export class FakeRay {
  readonly jobs: FakeJob[] = []
  /** so many requests are not answered, as while the head is away */
  refuse = 0
  refused = 0
  /** so many new jobs are turned away, as while a node's agent starts */
  busy = 0
  /** so many new jobs are taken, and the answer is lost */
  lost = 0
  host = ''
  /** requests of all kinds */
  asked = 0
  /** the node of its jobs is gone */
  dead = false
  /** CPUs of its first node */
  cpus = 2
  readonly #play: (job: FakeJob) => void
  #server: Server | undefined

  /** `play` is called for a job that is new, and before each look at it. */
  constructor(play: (job: FakeJob) => void = () => undefined) {
    this.#play = play
  }

  async start(): Promise<RayJobs> {
    this.#server = createServer((request, response) => void this.#answer(request, response))
    servers.push(this.#server)
    await new Promise<void>((resolve) => this.#server!.listen(0, '127.0.0.1', resolve))
    this.host = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return new RayJobs(clusterAddress(`http://${this.host}`))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.asked++
    if (this.refuse > 0) {
      this.refuse--
      this.refused++
      return void response.destroy()
    }
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const give = (value: object): void => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(value))
    }
    const [, id = '', verb] = /^\/api\/jobs\/([^/]+)(?:\/(\w+))?$/.exec(request.url!) ?? []
    if (request.headers['sec-fetch-mode']) return void response.writeHead(403).end('browser')
    if (request.url === '/api/version') return give({ version: '4', ray_version: '2.60.0' })
    if (request.url === '/nodes?view=summary') return give(nodesOf(this.cpus, this.dead))
    if (request.method === 'POST' && request.url === '/api/jobs/') {
      if (this.busy-- > 0) {
        const words = 'No available agent to submit job, please try again later.'
        return void response.writeHead(500).end(words)
      }
      const submission_id = this.#submitted(JSON.parse(String(Buffer.concat(parts))))
      if (this.lost-- > 0) return void response.destroy()
      return give({ submission_id })
    }
    const job = this.jobs.find((each) => each.id === id)
    if (job && verb !== 'stop') this.#play(job)
    if (!job || job.status === 'GONE') {
      return void response.writeHead(404).end(`Job ${id} does not exist`)
    }
    if (verb === 'stop') {
      job.stopped = true
      job.status = 'STOPPED'
      return give({ stopped: true })
    }
    if (verb === 'logs' && job.unread) {
      const words = 'Traceback (most recent call last):\n  File "a.py"\nCannot connect to host\n'
      return void response.writeHead(500).end(words)
    }
    if (verb === 'logs') return give({ logs: job.log })
    give({
      ...{ type: 'SUBMISSION', job_id: null, submission_id: id, status: job.status },
      message: job.message ?? 'Job is currently running.',
      driver_agent_http_address: job.node ? `http://${job.node}:52365` : null,
      driver_node_id: job.node ? NODE : null
    })
  }

  #submitted(asked: {
    readonly entrypoint: string
    readonly entrypoint_num_cpus: number
    readonly submission_id: string
  }): string {
    const { entrypoint, entrypoint_num_cpus: cpus, submission_id: id } = asked
    const word = entrypoint.split(' ').at(-1)!
    const job: FakeJob = {
      ...{ id, entrypoint, cpus, request: requestOf(word), stopped: false },
      again: this.jobs.filter((each) => each.entrypoint === entrypoint).length,
      status: 'PENDING',
      log: 'Running entrypoint\n',
      tell(...events) {
        this.log += events.map(eventLine).join('a line for people\n')
        return this
      }
    }
    this.jobs.push(job)
    this.#play(job)
    return id
  }
}

const NODE = '29b8846b5e32835be9b21aeb503d1f6fd09b89e9d1c8d8c7b5bcb5f6'

const nodesOf = (cpus: number, dead: boolean) => ({
  result: true,
  data: {
    summary: [
      { ip: '10.0.0.1', raylet: { state: 'ALIVE', resourcesTotal: { CPU: cpus } } },
      {
        ip: '10.0.0.2',
        raylet: {
          ...{ nodeId: NODE, state: dead ? 'DEAD' : 'ALIVE' },
          resourcesTotal: { CPU: 4, memory: 5 }
        }
      },
      { ip: '10.0.0.3', raylet: { state: 'DEAD', resourcesTotal: { CPU: 8 } } }
    ]
  }
})
