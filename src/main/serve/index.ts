import { parseArgs } from 'node:util'
import { errorFacts } from '../../core/error'
import { dataFolder } from '../data-folder'
import { serve } from './server'

/** `node serve.cjs [--port N] [PATH]`: serves the window until it is stopped. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { port: { type: 'string', default: '0' } },
    allowPositionals: true
  })
  const served = await serve({
    port: Number(values.port),
    path: positionals[0],
    programFolder: __dirname,
    dataFolder: dataFolder(),
    log: (line) => console.error(line)
  })
  console.log(`Normscope is at ${served.url}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => void served.close().then(() => process.exit(0)))
  }
}

main().catch((thrown: unknown) => {
  console.error(`normscope: ${errorFacts(thrown).message}`)
  process.exitCode = 1
})
