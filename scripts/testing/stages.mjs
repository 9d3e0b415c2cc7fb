// The stages of `npm test`: a table of checks that pass or fail as one, and one of vitest's stages.
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
 * Stages that vitest runs: its projects, and the folders of their tests. `needs` maps a folder to a
 * function that says, from what set-up found, why its tests cannot run here (undefined when they
 * can); those are skipped, each with a line. With `coverage`, a module whose lines are run too
 * little fails the stage; one with `program` drives what was built.
 */
export const stages = [
  {
    name: 'unit',
    projects: ['unit', 'alone'],
    folders: ['tests/core', 'tests/contract', 'tests/chart', 'tests/main', 'tests/scripts'],
    needs: {},
    coverage: true
  },
  {
    name: 'component',
    projects: ['component'],
    folders: ['tests/renderer'],
    needs: { 'tests/renderer': noChromium }
  },
  { name: 'cli', projects: ['cli'], folders: ['tests/cli'], needs: {}, program: true },
  {
    name: 'e2e',
    projects: ['e2e'],
    folders: ['tests/desktop', 'tests/served'],
    needs: { 'tests/desktop': noWindow, 'tests/served': noChromium },
    program: true
  }
]

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
