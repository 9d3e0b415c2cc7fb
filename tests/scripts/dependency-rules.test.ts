import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { ESLint } from 'eslint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

/** A file that breaks a rule: the rule, the file, and what it says. */
const offences: [rule: string, file: string, text: string][] = [
  [
    'no-cycles',
    'src/core/dataset/one.ts',
    "import { two } from './two'\nexport const one = () => two"
  ],
  [
    'no-import-that-is-not-found',
    'src/main/cli/lost.ts',
    "import { gone } from './gone'\nexport const x = gone"
  ],
  [
    'no-outside-import-in-core',
    'src/core/file.ts',
    "import { sep } from 'node:path'\nexport const x = sep"
  ],
  [
    'no-outside-import-in-core',
    'src/core/shell.ts',
    "import type { Good } from '../main/engine/good'\nexport type X = Good"
  ],
  [
    'no-outside-import-in-core',
    'src/core/tensor.ts',
    "import { add } from '@tensorflow/tfjs-core'\nexport const x = add"
  ],
  [
    'no-upward-import-in-core',
    'src/core/statistics/upward.ts',
    "import { two } from '../preprocessing/two'\nexport const x = two"
  ],
  [
    'no-upward-import-in-core',
    'src/core/upward.ts',
    "import type { Two } from './dataset/three'\nexport type X = Two"
  ],
  [
    'no-unlisted-folder-in-core',
    'src/core/figure/new.ts',
    "import { x } from '../attic/old'\nexport const y = x"
  ],
  [
    'no-format-in-another',
    'src/core/format/idx/other.ts',
    "import { CSV } from '../csv/format'\nexport const x = CSV"
  ],
  [
    'no-import-in-contract-but-core',
    'src/contract/shell.ts',
    "import type { Good } from '../main/engine/good'\nexport type X = Good"
  ],
  [
    'no-import-in-chart-but-core',
    'src/chart/shell.ts',
    "import type { Good } from '../main/engine/good'\nexport type X = Good"
  ],
  [
    'no-main-process-in-the-window',
    'src/renderer/shell.ts',
    "import type { Good } from '../main/engine/good'\nexport type X = Good"
  ],
  [
    'no-main-process-in-the-window',
    'src/renderer/Shell.svelte',
    '<script lang="ts">\n  import { y } from \'../main/serve/good\'\n</script>\n{y}'
  ],
  [
    'no-node-in-the-window',
    'src/renderer/Node.svelte',
    '<script lang="ts">\n  import { sep } from \'node:path\'\n</script>\n{sep}'
  ],
  [
    'no-node-in-the-window',
    'src/preload/files.ts',
    "import { readFileSync } from 'node:fs'\nexport const x = readFileSync"
  ],
  [
    'no-tensorflow-outside-the-trainer',
    'src/main/engine/tensor.ts',
    "import { add } from '@tensorflow/tfjs-core'\nexport const x = add"
  ],
  [
    'no-electron-outside-the-desktop',
    'src/main/engine/window.ts',
    "import { app } from 'electron'\nexport const x = app"
  ],
  [
    'no-shell-in-the-engine',
    'src/main/engine/shell.ts',
    "import { y } from '../serve/good'\nexport const x = y"
  ]
]

/** Files that keep all rules. */
const lawful: Record<string, string> = {
  'src/core/dataset/two.ts': "import { one } from './one'\nexport const two = () => one",
  'src/core/dataset/three.ts': 'export type Two = 2',
  'src/core/preprocessing/two.ts':
    "import type { Two } from '../dataset/three'\nexport const two: Two = 2",
  'src/core/attic/old.ts': 'export const x = 1',
  'src/core/format/csv/format.ts': 'export const CSV = 1',
  'src/main/engine/good.ts': 'export type Good = number',
  'src/main/serve/good.ts': 'export const y = 1',
  'src/main/trainer/tensor.ts': "import { add } from '@tensorflow/tfjs-core'\nexport const x = add",
  'src/main/desktop/window.ts': "import { app } from 'electron'\nexport const x = app",
  'src/contract/schema.ts': "import { z } from 'zod'\nexport const x = z.string()",
  'src/chart/chart.ts': "import { Chart } from 'chart.js'\nexport const x = Chart",
  'src/renderer/Page.svelte':
    '<script lang="ts">\n  import { x } from \'../contract/schema\'\n</script>\n{x}'
}

interface Violation {
  rule: { name: string }
  from: string
}

describe('the dependency rules', () => {
  let folder: string
  let violations: Violation[]

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'normscope-rules-'))
    for (const name of ['package.json', 'tsconfig.json', '.dependency-cruiser.cjs']) {
      cpSync(join(root, name), join(folder, name))
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    for (const [path, text] of [
      ...Object.entries(lawful),
      ...offences.map(([, file, content]) => [file, content] as const)
    ]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    const tool = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
    const { stdout } = spawnSync(process.execPath, [tool, 'src', '--output-type', 'json'], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 26
    })
    violations = (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each(offences)('%s is broken by %s', (rule, file) => {
    expect(
      violations.filter(({ from }) => from === file).map((found) => found.rule.name)
    ).toContain(rule)
  })

  it('lets lawful imports pass', () => {
    expect(violations.filter(({ from }) => from in lawful)).toEqual([])
  })
})

describe('the lint rules', () => {
  const eslint = new ESLint({ cwd: root })
  const rulesBroken = async (file: string, text: string): Promise<(string | null)[]> => {
    const [result] = await eslint.lintText(text, { filePath: join(root, file) })
    return result?.messages.map(({ ruleId }) => ruleId) ?? []
  }

  it('see a type of the main process imported by a component, which the cruiser cannot', async () => {
    const text =
      '<script lang="ts">\n  import type { X } from \'../main/x\'\n  let x: X\n</script>\n'
    expect(await rulesBroken('src/renderer/Probe.svelte', text)).toContain('no-restricted-imports')
  })

  it('keep dice and clocks out of core', async () => {
    const text = 'export const roll = (): number => Math.random() + Date.now()\n'
    const broken = await rulesBroken('src/core/probe.ts', text)
    expect(broken.filter((rule) => rule === 'no-restricted-properties')).toHaveLength(2)
  })
})
