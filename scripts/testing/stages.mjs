// The stages of `npm test`: a table of checks that pass or fail as one, and one of test projects.
import { readdirSync } from 'node:fs'
import { inProject } from '../setup/paths.mjs'

const bin = (...parts) => inProject('node_modules', ...parts)

/** Checks, each a program under Node with its arguments. */
export const checks = [
  { name: 'lint', args: [bin('eslint', 'bin', 'eslint.js'), '.', '--max-warnings', '0'] },
  { name: 'format', args: [bin('prettier', 'bin', 'prettier.cjs'), '--check', '.'] },
  {
    name: 'dependency rules',
    args: [bin('dependency-cruiser', 'bin', 'dependency-cruise.mjs'), 'src']
  },
  { name: 'types', args: [bin('typescript', 'bin', 'tsc'), '--noEmit'] },
  {
    name: 'types of components',
    args: [bin('svelte-check', 'bin', 'svelte-check'), '--fail-on-warnings', '--output', 'human']
  }
]

const noChromium = ({ chromium }) => (chromium ? undefined : 'no Chromium')
const noWindow = ({ electron, display }) =>
  !electron ? 'no Electron' : display ? undefined : 'no display for Electron'

/**
 * vitest projects. `needs` maps a folder of tests to a function that says, from what set-up found,
 * why its tests cannot run here (undefined when they can); those are skipped, each with a line.
 * With `coverage`, a module whose lines are run too little fails the project.
 */
export const projects = [
  { name: 'unit', needs: {}, coverage: true },
  { name: 'component', needs: { 'tests/renderer': noChromium } },
  { name: 'e2e', needs: { 'tests/desktop': noWindow, 'tests/served': noChromium } }
]

/** Folders whose tests make up each project, to know whether anything is left when some is skipped. */
export const folders = {
  unit: ['tests/core', 'tests/contract', 'tests/main', 'tests/scripts', 'tests/chart'],
  component: ['tests/renderer'],
  e2e: ['tests/desktop', 'tests/served', 'tests/cli']
}

/** Test files below a folder of the project, as paths with forward slashes. */
export function testFiles(folder) {
  try {
    return readdirSync(inProject(folder), { recursive: true })
      .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
      .filter((path) => path.endsWith('.test.ts'))
      .sort()
  } catch {
    return []
  }
}
