import { protocol } from 'electron'
import { staticFile } from '../shell/static-files'

export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: 'app',
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true }
    }
  ])
}

export function serveWindowFiles(folder: string): void {
  protocol.handle('app', async (request) => {
    const { host, pathname } = new URL(request.url)
    const path = host === 'normscope' ? pathname : '/nowhere'
    const { status, headers, body } = await staticFile(folder, path)
    return new Response(body as never, { status, headers: { ...headers } })
  })
}
