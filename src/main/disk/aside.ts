import { existsSync } from 'node:fs'

/** A free name for a file that is damaged and kept: none that was set aside before is lost. */
export function asidePath(path: string): string {
  let aside = `${path}.damaged`
  for (let at = 2; existsSync(aside); at++) aside = `${path}.${at}.damaged`
  return aside
}
