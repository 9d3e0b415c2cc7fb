// The app, built from the sources of this checkout.
import { existsSync, rmSync } from 'node:fs'
import { lastLines, run } from './command.mjs'
import { inProject } from './paths.mjs'
import { SetupProblem } from './problem.mjs'
import { contentHash, hashOf, isStamped, writeStamp } from './stamp.mjs'
import { buildTargets } from './targets.mjs'

const stamp = inProject('out', 'stamp.json')
const inputs = ['src', 'resources', 'package.json', 'package-lock.json', 'tsconfig.json'].concat(
  'electron.vite.config.ts',
  'svelte.config.js'
)
const outputs = ['main/index.cjs', 'main/engine.cjs', 'main/trainer.cjs', 'main/cli.cjs'].concat(
  'main/statistics.cjs',
  'main/hash.cjs',
  'main/kernels.wasm',
  'preload/index.cjs',
  'renderer/index.html'
)

const key = () => hashOf([contentHash(inProject(), inputs), buildTargets()])

const complete = () => outputs.every((file) => existsSync(inProject('out', file)))

export const buildReady = () => complete() && isStamped(stamp, key())

export async function provideBuild(report) {
  return report.step('Build', async () => {
    if (buildReady()) return 'ready'
    const wanted = key()
    rmSync(stamp, { force: true })
    const tool = inProject('node_modules', 'electron-vite', 'bin', 'electron-vite.js')
    const result = await run(process.execPath, [tool, 'build', '--logLevel', 'warn'], {
      cwd: inProject()
    })
    if (result.code !== 0 || !complete()) {
      throw new SetupProblem('the app could not be built', {
        tried: [`electron-vite build: ${lastLines(result, 20).replaceAll(' | ', '\n    ')}`],
        remedy: 'the message above names the file; on an unchanged checkout, please report it'
      })
    }
    writeStamp(stamp, wanted)
    return 'built'
  })
}
