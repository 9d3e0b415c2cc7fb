import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/**
 * The per-user folder for what can be made again at any time: the decoded store, downloads.
 * $XDG_CACHE_HOME/normscope or ~/.cache/normscope; %LOCALAPPDATA% on Windows, ~/Library/Caches on macOS.
 */
export function cacheFolder(): string {
  const given = process.env.XDG_CACHE_HOME
  if (given !== undefined && isAbsolute(given)) return join(given, 'normscope')
  if (process.platform === 'win32') {
    return join(
      process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'),
      'normscope',
      'Cache'
    )
  }
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'normscope')
  return join(homedir(), '.cache', 'normscope')
}
