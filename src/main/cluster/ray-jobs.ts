import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { z } from 'zod'
import type { ClusterFacts } from '../../contract/cluster'
import { NormscopeError } from '../../core/error'

/** What Ray's Jobs REST API tells of a job. */
const jobSchema = z.object({
  status: z.enum(['PENDING', 'RUNNING', 'STOPPED', 'SUCCEEDED', 'FAILED']),
  message: z.string().nullish(),
  driver_node_id: z.string().nullish(),
  driver_agent_http_address: z.string().nullish()
})

const nodesSchema = z.object({
  data: z.object({
    summary: z.array(
      z.object({
        ip: z.string().optional(),
        raylet: z.object({
          nodeId: z.string().optional(),
          state: z.string().optional(),
          nodeManagerAddress: z.string().optional(),
          resourcesTotal: z.object({ CPU: z.number().optional() }).optional()
        })
      })
    )
  })
})

/** A job as the cluster has it. */
export interface JobState {
  readonly status: z.infer<typeof jobSchema>['status']
  /** what Ray says of it */
  readonly message: string
  /** where it runs: '10.0.0.7 (29b8846b)'; absent before it was placed */
  readonly node?: string
  /** Ray's own name of it */
  readonly nodeId?: string
}

interface AnswerTimes {
  /** milliseconds without a word of the cluster; default 20 s */
  readonly silentMs?: number
  /** milliseconds for a whole answer, the slowest log among them; default 5 min */
  readonly wholeMs?: number
}

/** Bytes of one answer: the state of a thousand nodes. */
const MOST_BYTES = 64 * 2 ** 20
/** Of the log of a job, with the weights of its network in it. */
const MOST_OF_LOG = 256 * 2 ** 20

/**
 * Ray's Jobs REST API at one address. Through node:http: Ray takes requests with the headers of fetch
 * for a browser's, and refuses them.
 * Every call throws NormscopeError 'cluster-unreachable', 'cluster-busy' or 'cluster-answer'.
 */
export class RayJobs {
  readonly address: URL
  readonly #times: Required<AnswerTimes>

  constructor(address: URL, { silentMs = 20_000, wholeMs = 300_000 }: AnswerTimes = {}) {
    this.address = address
    this.#times = { silentMs, wholeMs }
  }

  async version(): Promise<string> {
    const schema = z.object({ ray_version: z.string() })
    return this.#read(schema, await this.#call('GET', '/api/version')).ray_version
  }

  /** Its nodes that are alive, and their CPUs. */
  async nodes(): Promise<Omit<ClusterFacts, 'version'>> {
    const alive = (await this.#raylets()).filter(({ state }) => state === 'ALIVE')
    const cpus = alive.reduce((sum, { resourcesTotal }) => sum + (resourcesTotal?.CPU ?? 0), 0)
    return { nodes: alive.length, cpus }
  }

  /** Whether the cluster says of a node that it is gone: what it does not know of, it does not say. */
  async isGone(nodeId: string): Promise<boolean> {
    return (await this.#raylets()).some((each) => each.nodeId === nodeId && each.state === 'DEAD')
  }

  async #raylets() {
    const { data } = this.#read(nodesSchema, await this.#call('GET', '/nodes?view=summary'))
    return data.summary.map(({ raylet }) => raylet)
  }

  async facts(): Promise<ClusterFacts> {
    return { version: await this.version(), ...(await this.nodes()) }
  }

  /** Starts a command line, which gets one CPU, under an id that no other job has. */
  async submit(
    id: string,
    entrypoint: string,
    metadata: Readonly<Record<string, string>>
  ): Promise<void> {
    const asked = { submission_id: id, entrypoint, entrypoint_num_cpus: 1, metadata }
    const schema = z.object({ submission_id: z.literal(id) })
    this.#read(schema, await this.#call('POST', '/api/jobs/', asked))
  }

  /** undefined where the cluster knows no such job (any more) */
  async state(id: string): Promise<JobState | undefined> {
    const answer = await this.#call('GET', jobPath(id))
    if (answer.status === 404) return undefined
    const job = this.#read(jobSchema, answer)
    const host = /\/\/\[?([^/]*?)\]?(:\d+)?$/.exec(job.driver_agent_http_address ?? '')?.[1]
    const nodeId = job.driver_node_id ?? undefined
    const short = nodeId?.slice(0, 8)
    const node = host && short ? `${host} (${short})` : (host ?? short)
    const { status, message } = job
    return { status, message: message ?? '', ...(node && { node }), ...(nodeId && { nodeId }) }
  }

  /** Everything that the job has written so far. */
  async log(id: string): Promise<string> {
    const answer = await this.#call('GET', `${jobPath(id)}/logs`, undefined, MOST_OF_LOG)
    if (answer.status === 404) return ''
    return this.#read(z.object({ logs: z.string().nullish() }), answer).logs ?? ''
  }

  async stop(id: string): Promise<void> {
    await this.#call('POST', `${jobPath(id)}/stop`)
  }

  #read<T>(schema: z.ZodType<T>, { status, text }: Answer): T {
    if (status === 200) {
      const found = schema.safeParse(jsonOf(text))
      if (found.success) return found.data
    }
    // of a traceback the last line says what was wrong
    const said = text.trim().split('\n').at(-1)!.slice(0, 200) || 'nothing'
    if (status >= 500) {
      throw new NormscopeError({
        code: 'cluster-busy',
        message: `The cluster at ${this.address.host} cannot take this now (status ${status}): ${said}`,
        actual: said,
        hint: `The dashboard at ${this.address.origin} shows how its nodes are.`
      })
    }
    throw new NormscopeError({
      code: 'cluster-answer',
      message: `${this.address.host} does not answer as a Ray cluster does (status ${status}).`,
      expected: "the Jobs REST API of Ray's dashboard",
      actual: said,
      hint: 'The address is that of the dashboard, for example http://HOST:8265.'
    })
  }

  #call(method: 'GET' | 'POST', path: string, body?: object, most = MOST_BYTES): Promise<Answer> {
    const content = body === undefined ? undefined : JSON.stringify(body)
    const headers = { ...(content !== undefined && { 'content-type': 'application/json' }) }
    return new Promise<Answer>((resolve, reject) => {
      const request = this.address.protocol === 'https:' ? requestHttps : requestHttp
      const call = request(new URL(path, this.address), { method, headers }, (response) => {
        const parts: Buffer[] = []
        let bytes = 0
        response.on('data', (part: Buffer) => {
          bytes += part.length
          parts.push(part)
          if (bytes > most) response.destroy(new Error(`its answer has more than ${most} bytes`))
        })
        response.on('error', reject)
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() })
        )
      })
      const { silentMs, wholeMs } = this.#times
      const late = (ms: number) => () =>
        call.destroy(new Error(`no whole answer in ${ms / 1000} s`))
      call.setTimeout(silentMs, late(silentMs))
      const timer = setTimeout(late(wholeMs), wholeMs)
      call.on('close', () => clearTimeout(timer))
      call.on('error', reject)
      call.end(content)
    }).catch((thrown: Error) => {
      throw new NormscopeError({
        code: 'cluster-unreachable',
        message: `The cluster at ${this.address.host} cannot be reached: ${thrown.message || (thrown as NodeJS.ErrnoException).code}.`,
        hint: "Check the address, which is that of Ray's dashboard (http://HOST:8265), and that the dashboard runs."
      })
    })
  }
}

interface Answer {
  readonly status: number
  readonly text: string
}

const jobPath = (id: string): string => `/api/jobs/${encodeURIComponent(id)}`

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
