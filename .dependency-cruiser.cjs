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

const charts = packageNamed(
  'chart\\.js|chartjs-[a-z-]+|@kurkle/color|svgcanvas|d3-[a-z-]+|@types/d3-[a-z-]+'
)
const electron = packageNamed('electron')
const tensorflow = packageNamed('@tensorflow')

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
      name: 'resolvable',
      comment: 'An import that is not found would escape every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: [electron, '\\?(raw|url|worker)$', '^virtual:'] }
    },
    only(
      'core-is-pure',
      'core is plain functions: no Node, no DOM libraries, nothing of the shells.',
      '^src/core/',
      ['^src/core/', packageNamed('zod|d3-[a-z-]+|@types/d3-[a-z-]+')]
    ),
    only(
      'contract-is-what-is-spoken',
      'The contract says what is spoken, with the types of core and schemas of zod, and carries it over any line.',
      '^src/contract/',
      ['^src/contract/', '^src/core/', packageNamed('zod|birpc|cbor-x')]
    ),
    only(
      'chart-serves-window-and-command-line',
      'chart turns a Figure into a Chart.js configuration, in the window and outside it alike.',
      '^src/chart/',
      ['^src/chart/', '^src/core/', charts]
    ),
    {
      name: 'renderer-is-a-web-page',
      comment: 'The window has no Node and reaches the engine only through the contract.',
      severity: 'error',
      from: { path: '^src/renderer/' },
      to: { path: ['^src/(main|preload)/', electron, tensorflow, packageNamed('@napi-rs|ws')] }
    },
    {
      name: 'renderer-has-no-node',
      comment: 'The window has no Node.',
      severity: 'error',
      from: { path: '^src/(renderer|preload)/' },
      to: { dependencyTypes: ['core'] }
    },
    guarded(
      'tensorflow-in-the-trainer-only',
      'The library lives in processes that may die.',
      tensorflow,
      '^src/main/trainer/'
    ),
    guarded(
      'electron-in-the-desktop-only',
      'Engine, trainer, served shell and command line run without Electron.',
      electron,
      ['^src/main/index\\.ts$', '^src/main/desktop/', '^src/preload/']
    ),
    {
      name: 'engine-is-not-the-trainer',
      comment: 'The engine speaks to trainers through a channel; of theirs it may know the types.',
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
