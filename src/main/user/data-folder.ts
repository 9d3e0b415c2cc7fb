import { isAbsolute, join } from 'node:path'
import { homeFolder } from './home'

/** Where the served shell and the command line keep runs and recent data sets, per user. */
export function dataFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.NORMSCOPE_DATA) return environment.NORMSCOPE_DATA
  if (process.platform === 'win32' && environment.APPDATA) {
    return join(environment.APPDATA, 'Normscope')
  }
  if (process.platform === 'darwin') {
    return join(homeFolder('NORMSCOPE_DATA'), 'Library', 'Application Support', 'Normscope')
  }
  const given = environment.XDG_DATA_HOME
  // a relative one counts as unset, as the XDG base directory specification says
  if (given !== undefined && isAbsolute(given)) return join(given, 'normscope')
  return join(homeFolder('NORMSCOPE_DATA or XDG_DATA_HOME'), '.local', 'share', 'normscope')
}
