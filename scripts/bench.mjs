#!/usr/bin/env node
// `npm run bench -- NAME [arguments]`: runs bench/NAME.mjs with what it needs. A benchmark that
// names NORMSCOPE_KERAS gets Keras: the folder for its PYTHONPATH in that variable, the interpreter
// in NORMSCOPE_PYTHON. One that names NORMSCOPE_NUMPY gets the folder of NumPy there.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { endChildrenWithUs, track } from './setup/command.mjs'
import { provideKeras } from './setup/keras.mjs'
import { provideParts } from './setup/parts.mjs'
import { inProject, projectFolder } from './setup/paths.mjs'
import { SetupProblem } from './setup/problem.mjs'
import { Report } from './setup/report.mjs'

const [name, ...args] = process.argv.slice(2)
const file = inProject('bench', `${name}.mjs`)
const available = (existsSync(inProject('bench')) ? readdirSync(inProject('bench')) : [])
  .filter((entry) => entry.endsWith('.mjs'))
  .map((entry) => entry.slice(0, -'.mjs'.length))

if (!available.includes(name)) {
  console.error(`Usage: npm run bench -- NAME [arguments]; NAME is one of: ${available.join(', ')}`)
  process.exitCode = 2
} else {
  endChildrenWithUs()
  process.exitCode = await bench()
}

async function bench() {
  const report = new Report(process.stderr)
  const text = readFileSync(file, 'utf8')
  try {
    const parts = ['packages', 'tensorflow', 'fashionMnist', 'build']
    if (text.includes('NORMSCOPE_NUMPY')) parts.push('numpy')
    await provideParts(parts, report)
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error
    return 1
  }
  if (text.includes('NORMSCOPE_KERAS')) {
    try {
      const { python, folder } = await provideKeras(report)
      Object.assign(process.env, { NORMSCOPE_KERAS: folder, NORMSCOPE_PYTHON: python })
    } catch (error) {
      if (!(error instanceof SetupProblem)) throw error
    }
  }
  const child = track(
    spawn(process.execPath, [file, ...args], { cwd: projectFolder, stdio: 'inherit' })
  )
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)))
}
