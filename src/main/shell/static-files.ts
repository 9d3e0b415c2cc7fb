import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { SECURITY_HEADERS } from './content-policy'

export interface StaticAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | string
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.ico': 'image/x-icon'
}

/** A file of the window's build folder; whatever resolves to outside of it is refused. */
export async function staticFile(folder: string, urlPath: string): Promise<StaticAnswer> {
  let path: string
  try {
    path = decodeURIComponent(urlPath)
  } catch {
    return refused(400, 'The address is not well formed.')
  }
  if (path.includes('\0') || path.includes('\\') || path.split('/').includes('..')) {
    return refused(403, 'The address leads out of the window.')
  }
  try {
    const root = await realpath(folder)
    const file = await realpath(join(root, path.endsWith('/') ? `${path}index.html` : path))
    if (!file.startsWith(root + sep)) return refused(403, 'The address leads out of the window.')
    const type = TYPES[extname(file)] ?? 'application/octet-stream'
    return {
      status: 200,
      headers: { ...SECURITY_HEADERS, 'content-type': type, 'cache-control': 'no-cache' },
      body: await readFile(file)
    }
  } catch {
    return refused(404, 'There is no such page.')
  }
}

export function refused(status: number, reason: string): StaticAnswer {
  const headers = { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8' }
  return { status, headers, body: `${reason}\n` }
}
