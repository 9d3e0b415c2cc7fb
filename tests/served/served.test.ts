import { dense } from '../../src/core/network/layers/layers'
import { fork, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { chromium } from 'playwright'
import type { Browser, Page } from 'playwright'
import { WebSocket as NodeSocket } from 'ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decode, encode } from '../../src/contract/codec'
import type { EngineApi, EngineEvents, EngineStatus } from '../../src/contract/engine'
import { connectEngine } from '../../src/contract/rpc'
import { valueOf } from '../../src/core/error'
import { BUILT, eventually, PROGRAM_FOLDER, temporaryFolder } from '../desktop/project'
import { greyPng, png } from '../core/format/build'
import { FakeRay } from '../main/cluster/fake-ray'
import type { FakeJob } from '../main/cluster/fake-ray'
import { writeSmallImages } from '../main/engine/small-images'
import hdf5 from '../reference/hdf5.json'

const executablePath = process.env.NORMSCOPE_CHROMIUM
const folder = temporaryFolder()
const dataFolder = join(folder.path, 'data')
const images = join(folder.path, 'squares')
/** of the shell alone */
const temporary = join(folder.path, 'tmp')

let host: ChildProcess
let address: string
const said: string[] = []

async function startHost(): Promise<string> {
  writeSmallImages(images, 24_000, 600)
  mkdirSync(temporary, { recursive: true })
  host = fork(join(PROGRAM_FOLDER, 'cli.cjs'), ['serve', images, '--folder', folder.path], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // a group of its own: what Ctrl-C reaches
    detached: true,
    env: {
      ...process.env,
      NORMSCOPE_DATA: dataFolder,
      TMPDIR: temporary,
      XDG_CACHE_HOME: join(folder.path, 'cache')
    }
  })
  for (const stream of [host.stdout!, host.stderr!]) {
    stream.on('data', (part: Buffer) => said.push(part.toString()))
  }
  return eventually(
    'the address',
    () => /Normscope is at (http:\/\/127\.0\.0\.1:\d+\/#\S+)/.exec(said.join(''))?.[1]
  )
}

/** A second window of its own: what a program with the token can do. */
async function connectTo(url: string, events: Partial<EngineEvents> = {}): Promise<EngineApi> {
  const { host: at, hash, origin } = new URL(url)
  const socket = new NodeSocket(`ws://${at}/engine`, ['normscope', hash.slice(1)], { origin })
  socket.binaryType = 'nodebuffer'
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  const quiet = new Proxy(events as EngineEvents, {
    get: (given, name: keyof EngineEvents) => given[name] ?? (() => undefined)
  })
  return connectEngine(
    {
      post: (message) => socket.send(encode(message)),
      onMessage: (listener) => void socket.on('message', (data: Buffer) => listener(decode(data))),
      onClose: (listener) => void socket.once('close', listener)
    },
    quiet
  )
}

/** Does a job of a cluster as a node would: its command line, whose log is told as it grows. */
function done(job: FakeJob): void {
  if (job.status !== 'PENDING') return
  job.status = 'RUNNING'
  job.node = '10.0.0.2'
  const env = { ...process.env, XDG_CACHE_HOME: join(folder.path, 'cache') }
  const child = spawn('sh', ['-c', job.entrypoint], { stdio: ['ignore', 'pipe', 'inherit'], env })
  child.stdout.on('data', (part: Buffer) => (job.log += part.toString()))
  child.on('close', (code) => (job.status = code === 0 ? 'SUCCEEDED' : 'FAILED'))
}

const statusOf = async (engine: EngineApi): Promise<EngineStatus> =>
  valueOf(await engine.status({}))

describe.skipIf(!BUILT)('the served shell', () => {
  beforeAll(async () => {
    address = await startHost()
  })
  afterAll(async () => {
    const ended = new Promise((resolve) => host.once('exit', resolve))
    host.kill('SIGTERM')
    await ended
    folder.remove()
  })

  it('answers a call that is made while it counts pixels before the counts are there', async () => {
    const engine = await connectTo(address)
    await eventually('the data set', async () => valueOf(await engine.dataset({})))
    const order: string[] = []
    const counting = engine
      .distributions({
        ...{ split: 'all', choices: [{ id: 'equalised' }], logCount: false, sharedAxis: false }
      })
      .then((counts) => {
        order.push('counts')
        return counts
      })
    await statusOf(engine).then(() => order.push('status'))
    expect(valueOf(await counting).table).toHaveLength(1)
    // in one piece of work the call would have waited until the counts were there
    expect(order).toEqual(['status', 'counts'])
  })

  it('serves two windows at once; both hear of a run', async () => {
    const heard: string[] = []
    const first = await connectTo(address)
    await connectTo(address, { runChanged: ({ id }) => heard.push(id) })
    const { TUTORIAL_CONFIG } = await import('../../src/core/network/config')
    const { ids } = valueOf(
      await first.enqueue({ configs: [{ ...TUTORIAL_CONFIG, layers: [dense(4)], epochs: 1 }] })
    )
    await eventually('the second window hears', () => heard.includes(ids[0]!) || undefined)
    const end = await eventually('the end of the run', async () =>
      valueOf(await first.runs({})).find(({ endedAt }) => endedAt !== undefined)
    )
    expect(end.status).toBe('finished')
    expect(end.weightsSha256).toMatch(/^[0-9a-f]{64}$/)
  })

  it('opens no file outside of the folders that it was started with', async () => {
    const engine = await connectTo(address)
    for (const path of [PROGRAM_FOLDER, '/dev/zero', join(folder.path, '..')]) {
      const answer = await engine.openDataset({ paths: [path] })
      expect(answer, path).toMatchObject({ ok: false, error: { code: 'outside-folders', path } })
    }
  })

  it('refuses a folder with a broken picture by its name, and its engine goes on', async () => {
    const pictures = join(folder.path, 'pictures')
    mkdirSync(join(pictures, 'a'), { recursive: true })
    writeFileSync(join(pictures, 'a', '1.png'), greyPng([1, 2]))
    const palette = [1, 2, 3, 4] // a colour and a third
    const broken = png({ width: 2, height: 1, colourType: 3, depth: 1, rows: [[0x40]], palette })
    writeFileSync(join(pictures, 'a', '2.png'), broken)
    const engine = await connectTo(address)
    await eventually('the data set', async () => valueOf(await engine.dataset({})))
    const { enginePid } = await statusOf(engine)
    const answer = await engine.openDataset({ paths: [pictures] })
    expect(answer).toMatchObject({ ok: false, error: { code: 'corrupt-image', path: 'a/2.png' } })
    expect((await statusOf(engine)).enginePid).toBe(enginePid)
    expect(valueOf(await engine.dataset({}))?.name).toBe('squares')
  })

  it('refuses HDF5 whose numbers lie in another file by that file’s name, and its engine goes on', async () => {
    const { file } = hdf5.refused.find(({ name }) => name === 'a link to another file')!
    const path = join(folder.path, 'linked.h5')
    writeFileSync(path, gunzipSync(Buffer.from(file, 'base64')))
    const engine = await connectTo(address)
    const answer = await engine.openDataset({ paths: [path] })
    expect(answer).toMatchObject({ ok: false, error: { code: 'other-file', path } })
    expect(valueOf(await engine.dataset({}))?.name).toBe('squares')
  })

  it('tells of progress at least ten times a second while it trains', async () => {
    const times: number[] = []
    const engine = await connectTo(address, { runProgress: () => times.push(performance.now()) })
    const { TUTORIAL_CONFIG } = await import('../../src/core/network/config')
    const { ids } = valueOf(await engine.enqueue({ configs: [{ ...TUTORIAL_CONFIG, epochs: 12 }] }))
    await eventually('the end', async () =>
      valueOf(await engine.runs({})).find(({ id, endedAt }) => id === ids[0] && endedAt)
    )
    const seconds = (times[times.length - 1]! - times[0]!) / 1000
    expect((times.length - 1) / seconds).toBeGreaterThanOrEqual(10)
  })

  it('sends runs to a cluster, whose jobs end with the weights that this computer has', async () => {
    const ray = new FakeRay(done)
    await ray.start()
    const engine = await connectTo(address)
    const { TUTORIAL_CONFIG } = await import('../../src/core/network/config')
    const config = { ...TUTORIAL_CONFIG, layers: [dense(3)], epochs: 1, probeImages: 20 }
    const train = async () => {
      const { ids } = valueOf(await engine.enqueue({ configs: [config] }))
      return eventually('the end of the run', async () =>
        valueOf(await engine.runs({})).find(({ id, endedAt }) => id === ids[0] && endedAt)
      )
    }
    const here = await train()
    const cluster = { address: `http://${ray.host}` }
    valueOf(await engine.setCluster({ ...cluster, on: true }))
    const there = await train()
    valueOf(await engine.setCluster({ ...cluster, on: false }))
    expect(there).toMatchObject({ status: 'finished', node: '10.0.0.2 (29b8846b)' })
    expect(here.node).toBeUndefined()
    expect(there.weightsSha256).toBe(here.weightsSha256)
  })

  describe.skipIf(!executablePath)('in a browser', () => {
    let browser: Browser
    let page: Page
    const errors: string[] = []

    beforeAll(async () => {
      browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
      page = await browser.newPage()
      page.on('pageerror', ({ message }) => errors.push(message))
      page.on('console', (message) => {
        if (/Content Security Policy/.test(message.text())) errors.push(message.text())
      })
      await page.goto(address)
    })
    afterAll(() => browser?.close())

    it('shows the data set without a breach of the policy', async () => {
      await page.getByText('24,000 train, 600 test').waitFor()
      // each view has something that only it draws
      for (const [view, fact] of [
        ['Pixels', page.getByRole('heading', { name: 'Choices compared' })],
        ['Activations', page.getByRole('heading', { name: 'Saturation, unit by epoch' })],
        ['Training', page.getByRole('button', { name: /^Train \d/ })],
        ['Images', page.getByRole('heading', { name: /^Image 0/ })]
      ] as const) {
        await page
          .getByRole('tab', { name: view })
          .or(page.getByRole('button', { name: view, exact: true }))
          .first()
          .click()
        await fact.first().waitFor()
      }
      expect(errors).toEqual([])
    })

    it('opens two files as one data set, names both, and opens the one before again', async () => {
      const more = writeSmallImages(join(folder.path, 'more'), 12, 6)
      const paths = [more, images].map((set) => join(set, 'train-images-idx3-ubyte'))
      await page.getByRole('button', { name: 'Change…' }).click()
      await page.getByRole('textbox', { name: /^Path/ }).evaluate((field, lines) => {
        const clipboardData = new DataTransfer()
        clipboardData.setData('text/plain', lines)
        const paste = new ClipboardEvent('paste', { clipboardData, cancelable: true })
        field.dispatchEvent(paste)
      }, paths.join('\n'))
      await page.getByText('2 paths, one data set in this order').waitFor()
      await page.getByRole('button', { name: 'Open', exact: true }).click()
      await page.getByText('24,012 images', { exact: true }).waitFor()
      const title = page.getByTitle(`${paths[0]}\n`)
      expect(await title.textContent()).toMatch(/^2 files in /)
      expect(await title.getAttribute('title')).toContain(paths[1])
      await page.getByRole('button', { name: 'Change…' }).click()
      await page
        .getByRole('button', { name: /^2 files in .*train-images-idx3-ubyte and 1 more/ })
        .waitFor()
      await page.getByRole('button', { name: /^squares/ }).click()
      await page.getByText('24,000 train, 600 test').waitFor()
      // it closes when the answer has come, which is after the event that the text follows
      await page.getByRole('dialog').waitFor({ state: 'hidden' })
      expect(errors).toEqual([])
    })

    it('outlives kill -9 of the engine', async () => {
      const { enginePid } = await statusOf(await connectTo(address))
      const runs = readdirSync(join(dataFolder, 'runs'))
      process.kill(enginePid, 'SIGKILL')
      const killedAt = Date.now()
      const engine = await eventually('a new engine', () =>
        connectTo(address).then(
          async (api) => ((await statusOf(api)).enginePid === enginePid ? undefined : api),
          () => undefined
        )
      )
      await eventually('the data set', async () => valueOf(await engine.dataset({})))
      expect(Date.now() - killedAt).toBeLessThan(3000)
      expect(valueOf(await engine.runs({}))).toHaveLength(runs.length)
      // the page is connected again by itself: it trains
      await page.getByRole('button', { name: /^Train \d/ }).click()
      await eventually('a new run', () =>
        readdirSync(join(dataFolder, 'runs')).length > runs.length ? true : undefined
      )
    })

    it('is refused without the token', async () => {
      const stranger = await browser.newPage()
      await stranger.goto(address.split('#')[0]!)
      const closed = await stranger.evaluate(
        () =>
          new Promise((resolve) => {
            const socket = new WebSocket(`ws://${location.host}/engine`, ['normscope', 'guess'])
            socket.onopen = () => resolve('open')
            socket.onclose = () => resolve('refused')
          })
      )
      expect(closed).toBe('refused')
      await stranger.close()
    })
  })

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s leaves nothing of it', async (signal) => {
    await stopAndLookFor(signal)
  })

  it.skipIf(process.platform === 'win32')(
    'Ctrl-C, which reaches the engine and trainers too, cancels what runs and keeps it',
    async () => {
      const { TUTORIAL_CONFIG } = await import('../../src/core/network/config')
      const engine = await connectTo(address)
      await eventually('the data set', async () => valueOf(await engine.dataset({})))
      const { ids } = valueOf(
        await engine.enqueue({ configs: [{ ...TUTORIAL_CONFIG, epochs: 500 }] })
      )
      const find = async (of: EngineApi) =>
        valueOf(await of.runs({})).find(({ id }) => id === ids[0])
      await eventually('an epoch', async () =>
        ((await find(engine))?.epochs.length ?? 0) > 0 ? true : undefined
      )
      const ended = new Promise((resolve) => host.once('exit', resolve))
      process.kill(-host.pid!, 'SIGINT')
      await ended
      said.length = 0
      address = await startHost()
      const again = await connectTo(address)
      expect(await find(again)).toMatchObject({ status: 'cancelled' })
    }
  )

  it.skipIf(process.platform === 'win32')('is stopped while its engine is frozen', async () => {
    const { enginePid } = await statusOf(await connectTo(address))
    process.kill(enginePid, 'SIGSTOP')
    await stopAndLookFor('SIGTERM', enginePid)
  })

  /** A trainer that an earlier test killed may have left a folder of its own: the next one tidies. */
  const foldersOfShells = (): string[] =>
    readdirSync(temporary).filter((name) => name.startsWith('normscope-serve'))

  /** Ends the shell, looks for what it left, and starts it again. */
  async function stopAndLookFor(signal: NodeJS.Signals, frozen?: number): Promise<void> {
    const status = frozen === undefined ? await statusOf(await connectTo(address)) : undefined
    expect(foldersOfShells()).toHaveLength(1)
    const ended = new Promise((resolve) => host.once('exit', resolve))
    host.kill(signal)
    const stoppedAt = Date.now()
    await ended
    expect(Date.now() - stoppedAt).toBeLessThan(3000)
    for (const pid of status ? [status.enginePid, ...status.trainerPids] : [frozen!]) {
      await eventually(`the end of ${pid}`, () => (isRunning(pid) ? undefined : true))
    }
    expect(foldersOfShells()).toEqual([])
    said.length = 0
    address = await startHost()
  }
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // a zombie has ended
    const stat = `/proc/${pid}/stat`
    return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'))
  } catch {
    return false
  }
}
