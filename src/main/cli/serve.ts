import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { FORMATS } from '../../core/format/formats'
import { namedDatasets } from '../../core/format/lists'
import { isPattern, keptPath, LIST, patternParts } from '../disk/kept-path'
import { dataFolder } from '../user/data-folder'
import { homeFolder } from '../user/home'
import { serve as serveWindow } from '../serve/server'
import type { Command } from './command'
import { number, UsageError } from './usage'

/** The window in a browser of this machine. */
export const serve: Command = {
  usage: 'serve [...paths]',
  description: 'Serve the window to a browser on this computer',
  options: [
    ['--port <number>', 'Port to listen on (any free port)'],
    ['--folder <path>', 'Where the window may open files; can be repeated (your home folder)']
  ],
  example: 'normscope serve --port 8080',
  async run(context, given, options) {
    const paths = given.filter((path) => path !== '')
    const port = number(options, 'port', '--port', { integer: true, min: 0, max: 65535 })
    const served = await serveWindow({
      port: port ?? 0,
      paths: paths.length === 0 ? undefined : paths.map((path) => keptPath(path)),
      folders: [...foldersIn(options), ...paths.flatMap(foldersOf)],
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

/** Those that were named, else the home folder. */
function foldersIn({ folder }: Readonly<Record<string, unknown>>): string[] {
  const named = (Array.isArray(folder) ? folder : [folder]).filter((one) => one !== undefined)
  if (named.length === 0) return [homeFolder('--folder')]
  return named.map((one) => {
    if (typeof one !== 'string' || one === '') throw new UsageError('--folder needs a folder.')
    const path = resolve(one)
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path
    throw new UsageError(`--folder expects a folder that exists, not "${one}".`)
  })
}

/** Those of what is opened first: its labels lie there too. A list may name files in other folders. */
function foldersOf(path: string): string[] {
  if (namedDatasets(FORMATS).includes(path)) return []
  const whole = resolve(path)
  const facts = statSync(whole, { throwIfNoEntry: false })
  if (facts) return [facts.isDirectory() ? whole : dirname(whole)]
  if (path.startsWith(LIST)) return [dirname(resolve(path.slice(LIST.length)))]
  return [isPattern(path) ? patternParts(path).folder : dirname(whole)]
}
