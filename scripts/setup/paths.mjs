// Where things live: the project, the per-user cache and the state of this checkout.
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of the project, absolute, without a trailing slash. */
export const projectFolder = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

/**
 * The per-user cache: `$XDG_CACHE_HOME/normscope`, else where the platform keeps such things. The
 * same rule stands in src/main/user/cache.ts; these scripts run before it is built. A relative
 * XDG_CACHE_HOME counts as unset, as the XDG base directory specification says.
 */
export function cacheFolder(
  environment = process.env,
  home = undefined,
  platform = process.platform
) {
  const base = environment.XDG_CACHE_HOME
  if (base && isAbsolute(base)) return join(base, 'normscope')
  if (platform === 'win32' && environment.LOCALAPPDATA) {
    return join(environment.LOCALAPPDATA, 'normscope', 'Cache')
  }
  const own = home ?? homeFolder('XDG_CACHE_HOME')
  if (platform === 'win32') return join(own, 'AppData', 'Local', 'normscope', 'Cache')
  if (platform === 'darwin') return join(own, 'Library', 'Caches', 'normscope')
  return join(own, '.cache', 'normscope')
}

/** Where runs and the log are kept, per user; the same rule stands in src/main/user/data-folder.ts. */
export function dataFolder(
  environment = process.env,
  home = undefined,
  platform = process.platform
) {
  if (environment.NORMSCOPE_DATA) return environment.NORMSCOPE_DATA
  if (platform === 'win32' && environment.APPDATA) return join(environment.APPDATA, 'Normscope')
  const given = environment.XDG_DATA_HOME
  if (platform !== 'darwin' && given && isAbsolute(given)) return join(given, 'normscope')
  const own = home ?? homeFolder('NORMSCOPE_DATA')
  if (platform === 'darwin') return join(own, 'Library', 'Application Support', 'Normscope')
  return join(own, '.local', 'share', 'normscope')
}

/** These scripts ask for their folders before anything could catch an error. */
function homeFolder(variable) {
  try {
    return homedir()
  } catch (error) {
    console.error(`normscope: This user has no home folder (${error.message}).`)
    console.error(`  Set HOME, or name a folder in ${variable}.`)
    process.exit(1)
  }
}

/** A path inside the project. */
export const inProject = (...parts) => join(projectFolder, ...parts)

/** A path inside the per-user cache. */
export const inCache = (...parts) => join(cacheFolder(), ...parts)

/**
 * The folder the person was in: npm changes to the project folder before it runs a script and
 * leaves the true one in INIT_CWD.
 * @param script name of the npm script that this process serves, so that a variable inherited from
 *   some other npm run is not taken for it
 */
export function userFolder(script, environment = process.env, current = process.cwd()) {
  const byNpm = environment.npm_lifecycle_event === script && current === projectFolder
  return (byNpm && environment.INIT_CWD) || current
}
