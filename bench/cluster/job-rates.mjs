// How many jobs a second Ray's Jobs API takes, and how many looks at one it answers, one after the other
// over one connection, as a client that waits for each answer has it.
import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'

const JOBS = 20
const LOOKS = 200

export async function jobRates(address) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ids = Array.from({ length: JOBS }, () => `rates-${randomUUID()}`)
  const job = (id) => ({ submission_id: id, entrypoint: 'true', entrypoint_num_cpus: 1 })
  try {
    const submitted = await rateOf(JOBS, (at) => call('POST', '/api/jobs/', job(ids[at])))
    const looks = await rateOf(LOOKS, (at) => call('GET', `/api/jobs/${ids[at % JOBS]}`))
    return { submitted, looks }
  } finally {
    agent.destroy()
  }

  function call(method, path, body) {
    const content = body && JSON.stringify(body)
    const headers = content && { 'content-type': 'application/json' }
    return new Promise((resolve, reject) => {
      const sent = request(new URL(path, address), { method, headers, agent }, (response) => {
        response.resume()
        response.on('error', reject)
        response.on('end', () => {
          if (response.statusCode === 200) resolve()
          else reject(new Error(`${method} ${path}: status ${response.statusCode}`))
        })
      })
      sent.on('error', reject)
      sent.end(content)
    })
  }
}

async function rateOf(count, work) {
  const began = performance.now()
  for (let at = 0; at < count; at++) await work(at)
  return (count * 1000) / (performance.now() - began)
}
