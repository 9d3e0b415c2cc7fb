import { dataFolder } from '../user/data-folder'
import { serve as serveWindow } from '../serve/server'
import type { Command } from './command'
import { number } from './usage'

/** The window in a browser of this machine. */
export const serve: Command = {
  usage: 'serve [path]',
  description: 'Serve the window to a browser on this computer',
  options: [['--port <number>', 'Port to listen on (any free port)']],
  example: 'normscope serve --port 8080',
  async run(context, [path], options) {
    const port = number(options, 'port', '--port', { integer: true, min: 0, max: 65535 })
    const served = await serveWindow({
      port: port ?? 0,
      path: path || undefined,
      programFolder: context.programFolder,
      dataFolder: dataFolder(),
      log: (line) => context.output.log(`normscope: ${line}`)
    })
    context.output.give({ url: served.url })
    context.output.say(`Normscope is at ${served.url}`)
    await new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve()))
    await served.close()
  }
}
