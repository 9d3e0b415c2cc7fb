// Debian's package tool.
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram, lastLines, run } from './command.mjs'

export const isRoot = () => process.getuid?.() === 0

/** Whether this system is Debian or one of its children, with apt-get. */
export function isDebian() {
  if (!findProgram('apt-get')) return false
  try {
    return /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}

const quiet = { DEBIAN_FRONTEND: 'noninteractive' }
const patient = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3']

/** The first of each group of names that the package lists offer; groups without one are left out. */
async function candidates(groups) {
  const chosen = []
  for (const names of groups) {
    for (const name of names) {
      const { output } = await run('apt-cache', ['policy', name])
      if (/Candidate: (?!\(none\))\S/.test(output)) {
        chosen.push(name)
        break
      }
    }
  }
  return chosen
}

/**
 * Installs packages as root, with fresh package lists. `groups` is a list of alternatives each, as
 * names differ between releases. Resolves to undefined, or to why it failed.
 */
export async function aptInstall(groups) {
  let failure
  for (let attempt = 0; attempt < 3; attempt++) {
    const update = await run('apt-get', [...patient, 'update'], { env: quiet })
    const names = await candidates(groups)
    if (names.length === 0) {
      const wanted = groups.map(([name]) => name).join(', ')
      return `the package lists offer none of ${wanted}; apt-get update: exit ${update.code}`
    }
    const args = ['install', '-y', '--no-install-recommends', ...names]
    const install = await run('apt-get', [...patient, ...args], { env: quiet })
    if (install.code === 0) return undefined
    failure = `apt-get install ${names.join(' ')}: ${lastLines(install)}`
    if (update.code !== 0) failure += `; apt-get update: ${lastLines(update)}`
  }
  return failure
}

/**
 * Downloads the file of one Debian package into `folder` and unpacks it there, without root: with
 * the system's package lists or, where these are empty, with lists of our own. Resolves to
 * undefined, or to why it failed.
 */
export async function aptUnpack(name, folder) {
  const lists = join(folder, 'lists')
  const cache = join(folder, 'cache')
  const own = ['-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache=${cache}`]
  const user = ['-o', 'APT::Sandbox::User=root', ...patient]
  const fetchPackage = (more) =>
    run('apt-get', [...user, ...more, 'download', name], { cwd: folder, env: quiet })

  let result = await fetchPackage([])
  if (result.code !== 0) {
    mkdirSync(join(lists, 'partial'), { recursive: true })
    mkdirSync(join(cache, 'archives', 'partial'), { recursive: true })
    const update = await run('apt-get', [...user, ...own, 'update'], { env: quiet })
    result = await fetchPackage(own)
    if (result.code !== 0) {
      return `apt-get download ${name}: ${lastLines(update.code === 0 ? result : update)}`
    }
  }
  const unpack = await run('sh', ['-c', `dpkg-deb -x ${name}_*.deb unpacked`], { cwd: folder })
  if (unpack.code !== 0 || !existsSync(join(folder, 'unpacked'))) {
    return `dpkg-deb -x: ${lastLines(unpack)}`
  }
  return undefined
}
