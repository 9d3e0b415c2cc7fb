import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How a test server behaves towards one request. */
export interface Behaviour {
  /** Send this many bytes and then break the connection. */
  breakAfter?: number
  /** ... once this says that they are there */
  arrived?: () => boolean
  /** Answer as a server that knows no ranges. */
  ignoreRange?: boolean
  status?: number
}

/**
 * A web server on the loopback address that serves `content`, behaving for the n-th request as the
 * n-th entry says (the last one from then on), and keeps the ranges it was asked for.
 */
export async function serve(content: Buffer, behaviours: Behaviour[] = [{}]) {
  const ranges: (string | undefined)[] = []
  const server = createServer((request, response) => {
    const { breakAfter, arrived, ignoreRange, status } =
      behaviours[Math.min(ranges.length, behaviours.length - 1)] ?? {}
    ranges.push(request.headers.range)
    if (status) {
      response.writeHead(status).end()
      return
    }
    const asked = ignoreRange ? null : /^bytes=(\d+)-$/.exec(request.headers.range ?? '')
    const start = Number(asked?.[1] ?? 0)
    const rest = content.subarray(start)
    response.writeHead(asked ? 206 : 200, {
      'content-length': rest.length,
      ...(asked && { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` })
    })
    if (breakAfter === undefined) response.end(rest)
    else {
      const cut = (): void => {
        if (arrived?.() ?? true) response.destroy()
        else setImmediate(cut)
      }
      response.write(rest.subarray(0, breakAfter), cut)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}/file.bin`,
    ranges,
    stop: () => new Promise((resolve) => server.close(resolve))
  }
}
