// Who may import whom: the rules of docs/ARCHITECTURE.md. tests/scripts/dependency-rules.test.ts
// proves that each of them fires.
const packageNamed = (names) => `(^|/)node_modules/(${names})(/|$)|^(${names})(/|$)`

/** `source` may reach only what matches `allowed`. */
const only = (name, comment, source, allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: source },
  to: { pathNot: allowed }
})

/** Nothing but `allowed` may reach `target`. */
const guarded = (name, comment, target, allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: '^src/', pathNot: allowed },
  to: { path: target }
})

const charts = packageNamed('chart\\.js|chartjs-[a-z-]+|@kurkle/color|d3-[a-z-]+|@types/d3-[a-z-]+')
const electron = packageNamed('electron')
const tensorflow = packageNamed('@tensorflow')

/** The folders of core, lowest first: each may import from those before it, and from core's own files. */
const rooms = [
  'dataset',
  'format',
  'statistics',
  'preprocessing',
  'network',
  'saturation',
  'study',
  'explanation',
  'figure',
  'experiment',
  'report'
]

const upward = (source, targets) => ({
  name: 'no-upward-import-in-core',
  comment: 'A folder of core imports from the folders below it only; their order is in `rooms`.',
  severity: 'error',
  from: { path: source },
  to: { path: `^src/core/(${targets.join('|')})/` }
})

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Files that need each other are one file, or lack a third.',
      severity: 'error',
      from: {},
      to: { circular: true }
    },
    {
      name: 'no-import-that-is-not-found',
      comment: 'An import that is not found would escape every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: [electron, '\\?(raw|url|inline|worker)$', '^virtual:'] }
    },
    only(
      'no-outside-import-in-core',
      'core is plain functions: no Node, no DOM libraries, nothing of the shells.',
      '^src/core/',
      ['^src/core/', packageNamed('zod|d3-[a-z-]+|@types/d3-[a-z-]+')]
    ),
    upward('^src/core/[^/]+$', rooms),
    ...rooms.slice(0, -1).map((room, at) => upward(`^src/core/${room}/`, rooms.slice(at + 1))),
    {
      name: 'no-unlisted-folder-in-core',
      comment: 'A new folder of core takes its place in `rooms`, or no order would hold for it.',
      severity: 'error',
      from: {},
      to: { path: `^src/core/(?!(${rooms.join('|')})/)[^/]+/` }
    },
    {
      name: 'no-format-in-another',
      comment: 'A format is taken out with its folder; what several share lies above them.',
      severity: 'error',
      from: { path: '^src/core/format/([^/]+)/' },
      to: { path: '^src/core/format/[^/]+/', pathNot: '^src/core/format/$1/' }
    },
    only(
      'no-import-in-contract-but-core',
      'The contract says what is spoken, with the types of core and schemas of zod, and carries it over any line.',
      '^src/contract/',
      ['^src/contract/', '^src/core/', packageNamed('zod|birpc|cbor-x')]
    ),
    only(
      'no-import-in-chart-but-core',
      'chart turns a Figure into a Chart.js configuration, in the window and outside it alike.',
      '^src/chart/',
      ['^src/chart/', '^src/core/', charts]
    ),
    {
      name: 'no-main-process-in-the-window',
      comment: 'The window has no Node and reaches the engine only through the contract.',
      severity: 'error',
      from: { path: '^src/renderer/' },
      to: { path: ['^src/(main|preload)/', electron, tensorflow, packageNamed('@napi-rs|ws')] }
    },
    {
      name: 'no-node-in-the-window',
      comment: 'The window has no Node.',
      severity: 'error',
      from: { path: '^src/(renderer|preload)/' },
      to: { dependencyTypes: ['core'] }
    },
    guarded(
      'no-tensorflow-outside-the-trainer',
      'The library lives in processes that may die.',
      tensorflow,
      '^src/main/trainer/'
    ),
    guarded(
      'no-electron-outside-the-desktop',
      'Engine, trainer, served shell and command line run without Electron.',
      electron,
      ['^src/main/desktop/', '^src/preload/']
    ),
    {
      name: 'no-shell-in-the-engine',
      comment: 'The engine serves every shell alike and knows none of them.',
      severity: 'error',
      from: { path: '^src/main/engine/' },
      to: { path: ['^src/main/(desktop|serve|cli)/', '^src/renderer/', '^src/preload/'] }
    }
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types', 'svelte'],
      extensions: ['.ts', '.svelte.ts', '.svelte', '.js', '.mjs', '.cjs', '.d.ts', '.json']
    }
  }
}
