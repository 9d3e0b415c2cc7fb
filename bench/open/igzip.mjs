// Seconds that igzip takes from a gzipped file to its bytes in a pipe: `igzip.mjs IGZIP FILE`.
import { spawn } from 'node:child_process'

const [program, file] = process.argv.slice(2)
const started = performance.now()
const child = spawn(program, ['-d', '-c', file], { stdio: ['ignore', 'pipe', 'inherit'] })
let bytes = 0
child.stdout.on('data', (chunk) => (bytes += chunk.length))
child.on('close', (code) => {
  if (code !== 0 || bytes !== 47_040_016) throw new Error(`exit code ${code}, ${bytes} bytes`)
  console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000 }))
})
