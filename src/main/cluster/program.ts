import { join } from 'node:path'

/** The command line of this Normscope as a shell takes it, for nodes that see its folder too. */
export function programOf(
  folder: string,
  { execPath, versions }: Pick<NodeJS.Process, 'execPath' | 'versions'> = process
): string {
  // Electron's binary is no Node for jobs: it needs libraries of a desktop
  const node = versions.electron === undefined ? execPath : 'node'
  return [node, join(folder, 'cli.cjs')].map(shellWord).join(' ')
}

/** As a shell takes it for one word. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
