import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where the served shell and the command line keep runs and recent data sets, per user. */
export function dataFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.NORMSCOPE_DATA) return environment.NORMSCOPE_DATA
  if (process.platform === 'win32' && environment.APPDATA) {
    return join(environment.APPDATA, 'Normscope')
  }
  if (process.platform === 'darwin') {
    return join(homedir(), 'Library', 'Application Support', 'Normscope')
  }
  return join(environment.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'normscope')
}
