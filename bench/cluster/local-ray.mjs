// A Ray of one or two nodes on this machine, each with one CPU.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const MAIN = ['-c', 'from ray.scripts.scripts import main; main()']
/** Nodes start in some seconds; past this they do not start at all. */
const MOST_MS = 60_000

/** Resolves once all nodes are there: `{address, killNode, stop}`. */
export async function localRay({ program, env }, nodes) {
  // Ray's sockets lie in it, whose paths may not be long
  const folder = mkdtempSync(join(tmpdir(), 'ray-'))
  const [port, dashboard] = [await freePort(), await freePort()]
  const own = { ...env, RAY_USAGE_STATS_ENABLED: '0' }
  const ray = (...args) => {
    const result = spawnSync(program, [...MAIN, ...args], { env: own, encoding: 'utf8' })
    if (result.status === 0) return
    throw new Error(`ray ${args[0]}: ${`${result.stdout}${result.stderr}`.trim().slice(-2000)}`)
  }
  // two nodes on one machine: the port at which jobs are taken would be the same
  const node = async () => [
    ...['--num-cpus=1', '--node-ip-address=127.0.0.1', '--disable-usage-stats'],
    `--dashboard-agent-listen-port=${await freePort()}`
  ]
  const stop = () => {
    const own = processesWith(folder)
    for (const pid of own.flatMap((each) => [each, ...childrenOf(each)])) kill(pid)
    rmSync(folder, { recursive: true, force: true, maxRetries: 20 })
  }
  process.once('exit', stop)
  try {
    ray(
      ...['start', '--head', `--port=${port}`, `--dashboard-port=${dashboard}`],
      ...[`--temp-dir=${folder}`, ...(await node())]
    )
    for (let more = 1; more < nodes; more++) {
      ray('start', `--address=127.0.0.1:${port}`, `--node-name=more-${more}`, ...(await node()))
    }
    const address = `http://127.0.0.1:${dashboard}`
    await untilThere(address, nodes)
    return {
      address,
      /** As when its machine loses power: it and everything that it started. */
      killNode() {
        const [raylet] = processesWith('--node-name=more-1')
        if (raylet === undefined) throw new Error('There is no second node to kill.')
        for (const pid of [raylet, ...childrenOf(raylet)]) kill(pid)
      },
      stop() {
        process.off('exit', stop)
        stop()
      }
    }
  } catch (error) {
    stop()
    throw error
  }
}

async function untilThere(address, nodes) {
  const since = Date.now()
  for (;;) {
    try {
      const { data } = await (await fetch(`${address}/nodes?view=summary`)).json()
      const alive = data.summary.filter(({ raylet }) => raylet.state === 'ALIVE')
      if (alive.length >= nodes) return
    } catch {
      // the dashboard is not yet up
    }
    if (Date.now() - since > MOST_MS) throw new Error(`Ray's ${nodes} nodes did not start.`)
    await wait(200)
  }
}

/** Processes with a text in their command line. */
function processesWith(text) {
  return pids().filter((pid) => pid !== process.pid && commandOf(pid).includes(text))
}

const pids = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

function parentOf(pid) {
  try {
    return Number(/\) \w (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))[1])
  } catch {
    return undefined
  }
}

function childrenOf(pid) {
  const own = pids().filter((each) => parentOf(each) === pid)
  return own.flatMap((each) => [each, ...childrenOf(each)])
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it is gone already
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
