import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { NormscopeError } from '../../../src/core/error'
import { channelMoments } from '../../../src/core/statistics/moments'
import { Cluster } from '../../../src/main/cluster/cluster'
import { eventLine, eventsIn } from '../../../src/main/cluster/job-events'
import { requestOf } from '../../../src/main/cluster/job-words'
import type { JobEvent } from '../../../src/main/cluster/job-events'
import type { JobRequest } from '../../../src/main/cluster/job-words'
import { clusterAddress } from '../../../src/contract/cluster'
import { RayJobs } from '../../../src/main/cluster/ray-jobs'
import { summariseShards } from '../../../src/main/cli/cluster-summaries'
import { summaryBytes } from '../../../src/main/engine/summary/file'
import { wholeSummary } from '../../../src/main/engine/summary/part'
import { summarisePart } from '../../../src/main/engine/summary/parts'
import { factsOf, open, scratch } from '../data/helpers'
import { writeSmallImages } from '../engine/small-images'
import { FakeRay } from './fake-ray'
import type { FakeJob } from './fake-ray'

const SOURCE = { paths: ['/shared/images'] }
const CHECK: JobRequest = { kind: 'check', source: SOURCE, trains: false }

async function cluster(play: (job: FakeJob) => void) {
  const ray = new FakeRay(play)
  const jobs = await ray.start()
  const times = { lookMs: 5, awayMs: 300, unreadMs: 300 }
  return { ray, cluster: new Cluster({ jobs, program: 'normscope', times }) }
}

/** At once done, with what it says. */
const checked =
  (datasetId = 'a') =>
  (job: FakeJob) => {
    if (job.status !== 'PENDING') return
    job.tell({ type: 'checked', datasetId })
    job.status = 'SUCCEEDED'
  }

describe('the jobs of a Ray cluster', () => {
  it('are one command line each, with one CPU', async () => {
    const { ray, cluster: own } = await cluster(checked())
    expect(await own.do(CHECK)).toEqual([{ type: 'checked', datasetId: 'a' }])
    expect(ray.jobs[0]!.entrypoint).toMatch(/^normscope cluster-job [\w-]+$/)
    expect(ray.jobs[0]!.cpus).toBe(1)
    expect(ray.jobs[0]!.request).toEqual(CHECK)
  })

  it('tell their state, their node and their events once, while they go on', async () => {
    let looks = 0
    const { cluster: own } = await cluster((job) => {
      looks++
      if (looks === 2) {
        job.status = 'RUNNING'
        job.node = '10.0.0.2'
      }
      if (looks === 4) job.tell({ type: 'checked', datasetId: 'a' })
      if (looks === 8) job.status = 'SUCCEEDED'
    })
    const states: string[] = []
    const events: unknown[] = []
    await own.do(CHECK, {
      onState: ({ status, node }) => states.push(`${status} ${node ?? ''}`),
      onEvent: (event) => events.push(event)
    })
    expect(states[0]).toBe('RUNNING 10.0.0.2 (29b8846b)')
    expect(states.at(-1)).toBe('SUCCEEDED 10.0.0.2 (29b8846b)')
    expect(events).toEqual([{ type: 'checked', datasetId: 'a' }])
  })

  it('are sent again when they fail or the cluster has lost them', async () => {
    const { ray, cluster: own } = await cluster((job) => {
      if (job.again === 0) {
        job.status = 'FAILED'
        job.message = 'The node died.'
      } else if (job.again === 1) job.status = 'GONE'
      else checked()(job)
    })
    const again: string[] = []
    const events = await own.do(CHECK, { onAgain: (reason) => again.push(reason) })
    expect(events).toEqual([{ type: 'checked', datasetId: 'a' }])
    expect(ray.jobs).toHaveLength(3)
    expect(again[0]).toContain('The node died.')
    expect(again[1]).toContain('does not know it any more')
  })

  it('are sent again where their log went with their node, at once or after a while', async () => {
    const { ray, cluster: own } = await cluster((job) => {
      if (job.again === 2) return checked()(job)
      job.tell({ type: 'checked', datasetId: 'half' })
      // the first is soon known to be lost, the second never
      job.status = job.unread && job.again === 0 ? 'FAILED' : 'RUNNING'
      job.unread = true
    })
    const again: string[] = []
    const events = await own.do(CHECK, { onAgain: (reason) => again.push(reason) })
    expect(events).toEqual([{ type: 'checked', datasetId: 'a' }])
    expect(again).toHaveLength(2)
    expect(again[1]).toContain('its log cannot be read')
    expect(again[1]).toContain('Cannot connect to host')
    expect(ray.jobs[1]!.stopped).toBe(true)
  })

  it('are sent again at once where their node is gone, though Ray calls them running', async () => {
    const { ray, cluster: own } = await cluster((job) => {
      if (job.again > 0) return checked()(job)
      job.node = '10.0.0.2'
      job.status = 'RUNNING'
      job.unread = true
      ray.dead = true
    })
    const again: string[] = []
    const began = performance.now()
    await own.do(CHECK, { onEvent: () => undefined, onAgain: (reason) => again.push(reason) })
    expect(again).toEqual(['its node 10.0.0.2 (29b8846b) is gone.'])
    // long before a log that cannot be read is given up
    expect(performance.now() - began).toBeLessThan(300)
    expect(ray.jobs).toHaveLength(2)
  })

  it('fail after four times, with what the last one said', async () => {
    const { ray, cluster: own } = await cluster((job) => {
      job.status = 'FAILED'
      job.message = 'Job failed.'
      job.log = 'sh: 1: normscope: not found\n'
    })
    const facts = await factsOf(() => own.do(CHECK))
    expect(ray.jobs).toHaveLength(4)
    expect(facts.code).toBe('cluster-job-failed')
    expect(facts.message).toContain('failed 4 times')
    expect(facts.message).toContain('normscope: not found')
    expect(facts.hint).toContain('The nodes must have Normscope as "normscope"')
  })

  it('are not sent again for what would fail in the same way, which names the node', async () => {
    const { ray, cluster: own } = await cluster((job) => {
      if (job.status !== 'PENDING') return
      job.node = '10.0.0.2'
      job.tell({ type: 'error', error: { code: 'missing-file', message: 'It is not there.' } })
      job.status = 'SUCCEEDED'
    })
    const facts = await factsOf(() => own.do(CHECK))
    expect(facts).toMatchObject({
      code: 'missing-file',
      message: 'On 10.0.0.2 (29b8846b): It is not there.'
    })
    expect(ray.jobs).toHaveLength(1)
  })

  it('are stopped when they are cancelled', async () => {
    const { ray, cluster: own } = await cluster((job) => (job.status = 'RUNNING'))
    const stop = new AbortController()
    const why = new NormscopeError({ code: 'cancelled', message: 'No longer wanted.' })
    const facts = await factsOf(() =>
      own.do(CHECK, { signal: stop.signal, onState: () => stop.abort(why) })
    )
    expect(facts.code).toBe('cancelled')
    expect(ray.jobs.map(({ stopped }) => stopped)).toEqual([true])
  })

  it('survive a cluster that is away for a moment', async () => {
    const { ray, cluster: own } = await cluster((job) => {
      if (job.status === 'PENDING') job.status = 'RUNNING'
      else if (ray.refused === 3) checkedLate(job)
    })
    function checkedLate(job: FakeJob): void {
      if (job.status === 'RUNNING') job.tell({ type: 'checked', datasetId: 'a' })
      job.status = 'SUCCEEDED'
    }
    const events = await own.do(CHECK, { onState: () => (ray.refuse = 3 - ray.refused) })
    expect(events).toEqual([{ type: 'checked', datasetId: 'a' }])
    expect(ray.refused).toBe(3)
    expect(ray.jobs).toHaveLength(1)
  })

  it('wait while the cluster has nobody to take them', async () => {
    const { ray, cluster: own } = await cluster(checked())
    ray.busy = 3
    expect(await own.do(CHECK)).toHaveLength(1)
    ray.busy = Infinity
    const facts = await factsOf(() => own.do(CHECK))
    expect(facts).toMatchObject({ code: 'cluster-busy' })
    expect(facts.message).toContain('No available agent to submit job')
  })

  it('are not sent twice where the answer to the first time was lost', async () => {
    const { ray, cluster: own } = await cluster(checked())
    ray.lost = 1
    expect(await own.do(CHECK)).toHaveLength(1)
    expect(ray.jobs).toHaveLength(1)
  })

  it('end where the cluster stays away', async () => {
    const { ray, cluster: own } = await cluster((job) => (job.status = 'RUNNING'))
    const facts = await factsOf(() => own.do(CHECK, { onState: () => (ray.refuse = Infinity) }))
    expect(facts.code).toBe('cluster-unreachable')
    expect(facts.message).toContain(ray.host)
  })

  it('find the same data, or say that they do not', async () => {
    const { cluster: same } = await cluster(checked('a'))
    await same.check(SOURCE, 'a', { trains: false })
    const { cluster: other } = await cluster(checked('b'))
    const facts = await factsOf(() => other.check(SOURCE, 'a', { trains: false }))
    expect(facts).toMatchObject({ code: 'cluster-data-differs', expected: 'a', actual: 'b' })
  })
})

describe('the address of a cluster', () => {
  it('is http or https with a host and nothing else', () => {
    expect(clusterAddress('http://10.0.0.1:8265').host).toBe('10.0.0.1:8265')
    expect(clusterAddress(' https://ray.example ').protocol).toBe('https:')
    for (const given of [
      'https://u:p@10.0.0.1',
      'http://u@10.0.0.1:8265',
      'http://10.0.0.1/api',
      'http://10.0.0.1?a',
      'ray://10.0.0.1:10001',
      '10.0.0.1:8265',
      ''
    ]) {
      expect(() => clusterAddress(given), given).toThrow(/is not the address of a Ray cluster/)
    }
  })

  it('is asked for its version and the CPUs of the nodes that are alive', async () => {
    const jobs = await new FakeRay().start()
    expect(await jobs.version()).toBe('2.60.0')
    expect(await jobs.nodes()).toEqual({ nodes: 2, cpus: 6 })
  })

  it('is not left for another one that it names', async () => {
    const ray = new FakeRay()
    await ray.start()
    const server = createServer((request, response) => {
      response.writeHead(307, { location: `http://${ray.host}${request.url}` }).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = clusterAddress(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const facts = await factsOf(() => new RayJobs(address).version())
    expect(facts).toMatchObject({ code: 'cluster-answer', message: expect.stringMatching(/307/) })
    expect(ray.asked).toBe(0)
    await new Promise((resolve) => server.close(resolve))
  })

  it('that never comes to its end, or is too long, is given up', async () => {
    const dripping = createServer((_, response) => {
      response.write('{"ray_version":"')
      const timer = setInterval(() => response.write('1'), 2)
      response.on('close', () => clearInterval(timer))
    })
    const flooding = createServer((_, response) => {
      const part = Buffer.alloc(2 ** 20, ' ')
      const more = () =>
        void (response.destroyed || (response.write(part) ? setImmediate(more) : 0))
      response.on('drain', more)
      more()
    })
    for (const [server, says] of [
      [dripping, 'no whole answer in 0.05 s'],
      [flooding, 'more than 67108864 bytes']
    ] as const) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const address = clusterAddress(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
      const times = server === dripping ? { wholeMs: 50 } : {}
      const facts = await factsOf(() => new RayJobs(address, times).version())
      expect(facts.code).toBe('cluster-unreachable')
      expect(facts.message).toContain(says)
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  })

  it('may be that of something else, or of nothing', async () => {
    const server = createServer((_, response) => response.end('<html>hello</html>'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = clusterAddress(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const other = await factsOf(() => new RayJobs(address).version())
    expect(other).toMatchObject({ code: 'cluster-answer', actual: '<html>hello</html>' })
    await new Promise((resolve) => server.close(resolve))
    const nobody = await factsOf(() => new RayJobs(address).version())
    expect(nobody.code).toBe('cluster-unreachable')
  })
})

describe('what a job and its sender say to each other', () => {
  it('is found in a log, without a line that is not yet whole', () => {
    const line = eventLine({ type: 'checked', datasetId: 'a' })
    expect(eventsIn(`people\n${line}more\n`)).toEqual([{ type: 'checked', datasetId: 'a' }])
    for (let at = 0; at < line.length - 2; at++) expect(eventsIn(line.slice(0, at))).toEqual([])
  })

  it('is read once, and nothing is taken for it that no job writes', async () => {
    const first = eventLine({ type: 'checked', datasetId: 'a' })
    const known = eventsIn(first)
    expect(eventsIn(`${first}${first}`, known)).toHaveLength(2)
    expect(eventsIn(first, known)[0]).toBe(known[0])
    const line = (value: unknown) => eventLine(value as JobEvent)
    const ended = { type: 'ended', id: 'a', notes: [], status: 'finished' }
    const logs = [
      'normscope-job:eJw=.\n',
      'normscope-job:.\n',
      line(undefined),
      line({ type: 'shell' }),
      line({ type: 'error' }),
      line({ type: 'summary', bytes: 'none' }),
      line({ type: 'trainer', event: { type: 'epoch', id: 'a', record: { epoch: -1 } } }),
      line({ type: 'trainer', event: { ...ended, notes: 3 } }),
      line({ type: 'trainer', event: { ...ended, results: { confusion: 'x' } } })
    ]
    for (const log of logs) {
      const facts = await factsOf(() => Promise.resolve().then(() => eventsIn(log)))
      expect(facts.code, log).toBe('cluster-answer')
    }
    const event = { ...ended, weights: Uint8Array.of(1), results: { confusion: [[1]] } }
    expect(eventsIn(line({ type: 'trainer', event }))).toEqual([{ type: 'trainer', event }])
  })

  it('is refused where it is no job', () => {
    for (const word of ['', 'x', Buffer.from('{"kind":"shell"}').toString('base64url')]) {
      expect(() => requestOf(word)).toThrow(/not a job of a cluster/)
    }
  })
})

describe('a summary by shards on a cluster', () => {
  it('is that of one pass, also where a shard was lost', async () => {
    const dataset = await open(writeSmallImages(join(scratch(), 'small'), 60, 6))
    const answers = new Map<number, Uint8Array>()
    for (let index = 1; index <= 5; index++) {
      const part = await summarisePart(dataset, 'train', { index, shards: 5 })
      answers.set(index, await summaryBytes(part))
    }
    const { ray, cluster: own } = await cluster((job) => {
      if (job.request.kind !== 'summary' || job.status !== 'PENDING') return
      const { index } = job.request
      if (index === 3 && job.again === 0) return void (job.status = 'FAILED')
      job.tell({ type: 'summary', bytes: answers.get(index)! })
      job.status = 'SUCCEEDED'
    })
    const fractions: number[] = []
    const part = await summariseShards(own, SOURCE, dataset, 'train', {
      shards: 5,
      atOnce: 2,
      onProgress: (fraction) => fractions.push(fraction)
    })
    const whole = wholeSummary(await summarisePart(dataset, 'train'))
    expect(channelMoments(wholeSummary(part))).toEqual(channelMoments(whole))
    expect(part.classCounts).toEqual([20, 20, 20])
    expect(fractions).toEqual([0.2, 0.4, 0.6, 0.8, 1])
    expect(ray.jobs).toHaveLength(6)
  })

  it('stops the other jobs when one cannot be done', async () => {
    const dataset = await open(writeSmallImages(join(scratch(), 'few'), 12, 6))
    const { ray, cluster: own } = await cluster((job) => {
      if (job.request.kind !== 'summary' || job.status !== 'PENDING') return
      job.status = 'RUNNING'
      if (job.request.index === 2) {
        job.tell({ type: 'error', error: { code: 'missing-file', message: 'Not there.' } })
        job.status = 'FAILED'
      }
    })
    const work = summariseShards(own, SOURCE, dataset, 'train', { shards: 4, atOnce: 2 })
    expect((await factsOf(() => work)).code).toBe('missing-file')
    // at once: the command may end now
    expect(ray.jobs.every(({ stopped }) => stopped)).toBe(true)
    expect(ray.jobs.length).toBeLessThanOrEqual(2)
  })
})
