import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import type { ElectronApplication } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeSmallImages } from '../main/engine/small-images'
import { BUILT, DISPLAY, PROJECT, temporaryFolder, launched } from './project'

const executablePath = process.env.NORMSCOPE_ELECTRON
const folder = temporaryFolder()

/** Stands between the app and the network: every request has to come here, and is refused. */
const asked: string[] = []
let proxy: Server
let app: ElectronApplication

describe.skipIf(!executablePath || !DISPLAY || !BUILT)('the desktop app and the network', () => {
  beforeAll(async () => {
    proxy = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', (data) => {
        asked.push(data.toString('latin1').split('\r\n')[0]!)
        socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n')
      })
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const { port } = proxy.address() as AddressInfo
    const images = join(folder.path, 'squares')
    writeSmallImages(images, 2000, 200)
    app = await launched({
      executablePath,
      timeout: 60_000,
      args: [
        '--no-sandbox',
        `--proxy-server=127.0.0.1:${port}`,
        '--proxy-bypass-list=<-loopback>',
        '--lang=en-US',
        `--user-data-dir=${join(folder.path, 'user')}`,
        PROJECT,
        images
      ],
      env: {
        ...(process.env as Record<string, string>),
        NORMSCOPE_DATA: join(folder.path, 'data'),
        XDG_CACHE_HOME: join(folder.path, 'cache')
      }
    })
  })
  afterAll(async () => {
    await app?.close()
    proxy.close()
    folder.remove()
  })

  it('the window is used, words are typed, and nothing is asked of any host', async () => {
    const page = await app.firstWindow()
    await page.getByText('2,000 train, 200 test').waitFor()
    await page.evaluate(() => {
      const field = Object.assign(document.createElement('textarea'), { spellcheck: true })
      document.body.append(field)
      field.focus()
    })
    await page.keyboard.type('wrods taht are mispelled ')
    await page.keyboard.press('Control+k')
    // whatever was asked before this has come to the proxy before it
    await app.evaluate(async ({ net }) => {
      await new Promise<void>((resolve) => {
        const request = net.request('http://last.example/')
        request.on('response', () => resolve())
        request.on('error', () => resolve())
        request.end()
      })
    })
    expect(asked).toEqual(['GET http://last.example/ HTTP/1.1'])
  })
})
