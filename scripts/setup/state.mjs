// What the last set-up of this checkout found: the environment of the app and of the tests, and
// which parts could not be had (so that not every command waits for the same failure again).
import { inProject } from './paths.mjs'
import { readJson, writeStamp } from './stamp.mjs'

const file = inProject('node_modules', '.cache', 'normscope', 'setup.json')

/** `{environment: {NAME: value}, failures: {part: message}}`. */
export function readState() {
  const { environment = {}, failures = {} } = readJson(file) ?? {}
  return { environment, failures }
}

/** Merges into the state; a value of undefined takes an entry away. */
export function updateState({ environment = {}, failures = {} }) {
  const old = readState()
  const merged = {
    environment: { ...old.environment, ...environment },
    failures: { ...old.failures, ...failures }
  }
  if (JSON.stringify(merged) !== JSON.stringify(old)) writeStamp(file, 'setup', merged)
}

/** The environment as shell commands, for `eval "$(node scripts/setup.mjs --env)"`. */
export const shellExports = (environment) =>
  Object.entries(environment)
    .map(([name, value]) => `export ${name}='${String(value).replaceAll("'", `'\\''`)}'`)
    .join('\n')
