import { isAbsolute, join } from 'node:path'
import { homeFolder } from './home'

/**
 * The per-user folder for what can be made again at any time: the decoded store, downloads.
 * $XDG_CACHE_HOME/normscope or ~/.cache/normscope; %LOCALAPPDATA% on Windows, ~/Library/Caches on macOS.
 */
export function cacheFolder(): string {
  const given = process.env.XDG_CACHE_HOME
  if (given !== undefined && isAbsolute(given)) return join(given, 'normscope')
  if (process.platform === 'win32' && process.env.LOCALAPPDATA) {
    return join(process.env.LOCALAPPDATA, 'normscope', 'Cache')
  }
  const home = homeFolder('XDG_CACHE_HOME')
  if (process.platform === 'win32') return join(home, 'AppData', 'Local', 'normscope', 'Cache')
  if (process.platform === 'darwin') return join(home, 'Library', 'Caches', 'normscope')
  return join(home, '.cache', 'normscope')
}
