import { homedir } from 'node:os'
import { NormscopeError } from '../../core/error'

/**
 * The home folder of the user who runs this. A user whom the system does not know, as in many
 * containers, has none where HOME is not set: `variables` name the folder then.
 */
export function homeFolder(variables: string, home: () => string = homedir): string {
  try {
    return home()
  } catch (thrown) {
    throw new NormscopeError({
      code: 'no-home-folder',
      message: `This user has no home folder (${(thrown as Error).message}). Set HOME, or name a folder in ${variables}.`
    })
  }
}
