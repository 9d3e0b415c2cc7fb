// The npm packages of package-lock.json.
import { existsSync } from 'node:fs'
import { lastLines, run } from './command.mjs'
import { inProject } from './paths.mjs'
import { SetupProblem } from './problem.mjs'
import { hashOf, isStamped, readJson, writeStamp } from './stamp.mjs'

const stamp = inProject('node_modules', '.normscope-packages.json')

/** What decides about the installed packages: the lock file and the platform. */
function key() {
  const { packages } = readJson(inProject('package-lock.json')) ?? {}
  const node = process.versions.node.split('.')[0]
  return hashOf([packages, node, process.platform, process.arch])
}

/**
 * Whether what npm says it installed (its own record in node_modules) is what the lock file asks
 * for, so that a developer's `npm install` is not done again.
 */
export function matchesLock(wanted, installed, isThere = existsSync) {
  if (!wanted?.packages || !installed?.packages) return false
  return Object.entries(wanted.packages).every(([path, { version, optional }]) => {
    if (path === '') return true
    const found = installed.packages[path]
    if (!found) return optional === true
    return found.version === version && isThere(inProject(path))
  })
}

export const packagesReady = () => isStamped(stamp, key())

export async function providePackages(report) {
  return report.step('Packages', async () => {
    if (packagesReady()) return 'ready'
    const stampFound = readJson(stamp) !== undefined
    const installed = readJson(inProject('node_modules', '.package-lock.json'))
    const wanted = readJson(inProject('package-lock.json'))
    if (matchesLock(wanted, installed) && (!stampFound || sameSystem())) {
      writeStamp(stamp, key(), system())
      return 'ready'
    }
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
    const result = await run(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: inProject()
    })
    if (result.code !== 0) {
      throw new SetupProblem('npm could not install the packages', {
        tried: [`npm ci --ignore-scripts: ${errorOf(result)}`],
        remedy: 'check the network and the free space on the disk, then start again'
      })
    }
    const count = Object.keys(
      readJson(inProject('node_modules', '.package-lock.json'))?.packages ?? {}
    ).length
    writeStamp(stamp, key(), system())
    return `${count} installed`
  })
}

/** The first lines of npm's own account of an error, without its help text. */
function errorOf(result) {
  const lines = result.output.split('\n').filter((line) => /^npm (error|ERR!) \S/.test(line))
  return lines.length > 0 ? lines.slice(0, 5).join(' | ') : lastLines(result)
}

const system = () => ({
  node: process.versions.node.split('.')[0],
  platform: process.platform,
  arch: process.arch
})

/** Whether the last installation was for this Node, platform and processor. */
function sameSystem() {
  const last = readJson(stamp) ?? {}
  return Object.entries(system()).every(([name, value]) => last[name] === value)
}
