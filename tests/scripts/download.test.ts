import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGunzip, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { download } from '../../scripts/setup/download.mjs'
import { serve } from './server'

const content = Buffer.alloc(300_000, 'Normscope ')
const sha256 = createHash('sha256').update(content).digest('hex')

let folder: string
let target: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'normscope-download-'))
  target = join(folder, 'file.bin')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a download', () => {
  it('puts verified bytes under their name and leaves nothing else', async () => {
    const server = await serve(content)
    await download(server.address, target, { sha256 })
    await server.stop()
    expect(readFileSync(target).equals(content)).toBe(true)
    expect(existsSync(`${target}.part`)).toBe(false)
  })

  it('goes on where a broken connection left it', async () => {
    const arrived = (): boolean =>
      statSync(`${target}.part`, { throwIfNoEntry: false })?.size === 100_000
    const server = await serve(content, [{ breakAfter: 100_000, arrived }, {}])
    await download(server.address, target, { sha256 })
    await server.stop()
    expect(server.ranges).toEqual([undefined, 'bytes=100000-'])
    expect(readFileSync(target).equals(content)).toBe(true)
  })

  it('goes on with what a killed set-up left', async () => {
    writeFileSync(`${target}.part`, content.subarray(0, 250_000))
    const server = await serve(content)
    await download(server.address, target, { sha256 })
    await server.stop()
    expect(server.ranges).toEqual(['bytes=250000-'])
    expect(readFileSync(target).equals(content)).toBe(true)
  })

  it('starts over where the server knows no ranges', async () => {
    writeFileSync(`${target}.part`, content.subarray(0, 250_000))
    const server = await serve(content, [{ ignoreRange: true }])
    await download(server.address, target, { sha256 })
    await server.stop()
    expect(readFileSync(target).equals(content)).toBe(true)
  })

  it('throws a spoilt part away and fetches anew', async () => {
    writeFileSync(`${target}.part`, Buffer.alloc(250_000, 'spoilt'))
    const server = await serve(content)
    await download(server.address, target, { sha256 })
    await server.stop()
    expect(server.ranges).toEqual(['bytes=250000-', undefined])
    expect(readFileSync(target).equals(content)).toBe(true)
  })

  it('never lets bytes with another hash appear, and says both hashes', async () => {
    const server = await serve(Buffer.from('something else'))
    const failure = (await download(server.address, target, { sha256, attempts: 2 }).catch(
      (error: unknown) => error
    )) as { tried: string[] }
    await server.stop()
    const found = createHash('sha256').update('something else').digest('hex')
    expect(failure.tried).toEqual([`its SHA-256 is ${found}, expected ${sha256}`])
    expect(server.ranges).toHaveLength(2)
    expect(existsSync(target)).toBe(false)
    expect(existsSync(`${target}.part`)).toBe(false)
  })

  it('says what the server answered', async () => {
    const server = await serve(content, [{ status: 403 }])
    await expect(download(server.address, target, { sha256, attempts: 1 })).rejects.toMatchObject({
      message: 'file.bin could not be downloaded',
      tried: ['the server answered 403 Forbidden']
    })
    await server.stop()
  })

  it('checks the unpacked bytes where the pin is of those', async () => {
    const packed = gzipSync(content)
    const server = await serve(packed)
    await download(server.address, target, { sha256, unpack: createGunzip })
    await server.stop()
    expect(readFileSync(target).equals(packed)).toBe(true)
  })
})
