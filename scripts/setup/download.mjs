// One file from the web, verified by SHA-256 before it appears under its name.
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs'
import { renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { SetupProblem, withoutHosts } from './problem.mjs'

/** SHA-256, hexadecimal, of a file's bytes, or of what `unpack` (a stream) makes of them. */
export async function fileHash(file, unpack) {
  const hash = createHash('sha256')
  const input = createReadStream(file, { highWaterMark: 1 << 20 })
  await (unpack ? pipeline(input, unpack, hash) : pipeline(input, hash))
  return hash.digest('hex')
}

const sizeOf = (file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0

/** `bytes 5-9/10` begins where we left off; anything else must not be appended. */
const continuesAt = (reply, position) =>
  reply.status === 206 && reply.headers.get('content-range')?.startsWith(`bytes ${position}-`)

async function fetchInto(partial, url, { progress, stallSeconds }) {
  const have = sizeOf(partial)
  const stalled = new AbortController()
  let timer
  const awake = () => {
    clearTimeout(timer)
    timer = setTimeout(() => stalled.abort(), stallSeconds * 1000)
  }
  awake()
  try {
    const headers = { 'accept-encoding': 'identity', ...(have && { range: `bytes=${have}-` }) }
    const reply = await fetch(url, { signal: stalled.signal, headers })
    if (reply.status === 416) return
    if (!reply.ok) throw new Error(`the server answered ${reply.status} ${reply.statusText}`)
    const start = continuesAt(reply, have) ? have : 0
    const length = Number(reply.headers.get('content-length')) || undefined
    let done = start
    const meter = new Transform({
      transform(chunk, _encoding, pass) {
        awake()
        done += chunk.length
        progress(done, length && start + length)
        pass(null, chunk)
      }
    })
    const output = createWriteStream(partial, { flags: start > 0 ? 'a' : 'w' })
    await pipeline(Readable.fromWeb(reply.body), meter, output)
  } catch (error) {
    if (stalled.signal.aborted) {
      throw new Error(`no data for ${stallSeconds} s`, { cause: error })
    }
    throw error.cause ?? error
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Downloads `url` to `target`. What an interrupted attempt left in `<target>.part` is continued
 * where the server can, else fetched anew; bytes with another hash are thrown away and fetched once
 * more from the start. The caller holds a lock, as two writers would spoil each other's part.
 * @param options `sha256` of the file's bytes (or of the unpacked bytes, with `unpack` a function
 *   that makes the unpacking stream); `progress(done, total)`; `attempts`
 */
export async function download(url, target, options) {
  const { sha256, unpack, progress = () => {}, attempts = 3, stallSeconds = 30 } = options
  const partial = `${target}.part`
  mkdirSync(dirname(target), { recursive: true })
  const failures = []
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      await fetchInto(partial, url, { progress, stallSeconds })
      const found = await fileHash(partial, unpack?.()).catch((error) => error.message)
      if (found === sha256) {
        renameSync(partial, target)
        return
      }
      rmSync(partial, { force: true })
      throw new Error(`its SHA-256 is ${found}, expected ${sha256}`)
    } catch (error) {
      failures.push(withoutHosts(error.message))
    }
  }
  throw new SetupProblem(`${new URL(url).pathname.split('/').at(-1)} could not be downloaded`, {
    tried: [...new Set(failures)]
  })
}
