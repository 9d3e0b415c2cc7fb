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
  {
    // TypeScript of every folder and components, by the native compiler
    name: 'types',
    args: [
      bin('svelte-check', 'bin', 'svelte-check'),
      '--tsgo',
      '--fail-on-warnings',
      '--output',
      'human'
    ]
  }
]

const noChromium = ({ chromium }) => (chromium ? undefined : 'no Chromium')
const noWindow = ({ electron, display }) =>
  !electron ? 'no Electron' : display ? undefined : 'no display for Electron'

/** Tests that train networks or start trainers: the longest ones; what they reach of the app is not counted. */
const TRAINING = [
  'tests/main/trainer/native',
  'tests/main/trainer/portable',
  ...['checkpoint', 'equivalence', 'keras', 'process', 'scaling', 'science'].map(
    (name) => `tests/main/trainer/${name}.test.ts`
  )
]

/**
 * Stages that vitest runs, the longest first: its projects, and the folders or files of their tests,
 * `without` those of another stage. `needs` maps a folder to a function that says, from what set-up
 * found, why its tests cannot run here (undefined when they can); those are skipped, each with a
 * line. With `coverage`, a module whose lines are run too little fails the stage; one with
 * `program` drives what was built; beside a `timed` one, whose trainers stand back for whoever else
 * computes, only checks run (`lanes.mjs`).
 */
export const stages = [
  {
    name: 'unit',
    projects: ['unit', 'alone'],
    folders: ['tests/core', 'tests/contract', 'tests/chart', 'tests/main', 'tests/scripts'],
    without: TRAINING,
    needs: {},
    coverage: true
  },
  { name: 'training', projects: ['alone'], folders: TRAINING, needs: {} },
  {
    name: 'e2e',
    projects: ['e2e'],
    folders: ['tests/desktop', 'tests/served'],
    needs: { 'tests/desktop': noWindow, 'tests/served': noChromium },
    program: true,
    timed: true
  },
  {
    name: 'component',
    projects: ['component'],
    folders: ['tests/renderer'],
    needs: { 'tests/renderer': noChromium }
  },
  { name: 'cli', projects: ['cli'], folders: ['tests/cli'], needs: {}, program: true }
]

/** Test files below a folder of the project, as paths with forward slashes; a test file is itself. */
export function testFiles(folder) {
  if (folder.endsWith('.test.ts')) return [folder]
  try {
    return readdirSync(inProject(folder), { recursive: true })
      .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
      .filter((path) => path.endsWith('.test.ts'))
      .sort()
  } catch {
    return []
  }
}
