import { readFileSync } from 'node:fs'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { licences } from './scripts/setup/licences.mjs'
import { testFiles } from './scripts/testing/stages.mjs'

const unit = {
  environment: 'node',
  pool: 'forks',
  setupFiles: ['tests/number-arrays.ts', 'tests/scratch.ts'] as string[],
  // TensorFlow's library reads these when a process starts; oneDNN is on as it is in a trainer
  env: { TF_CPP_MIN_LOG_LEVEL: '2', TF_NUM_INTRAOP_THREADS: '1', TF_ENABLE_ONEDNN_OPTS: '1' },
  testTimeout: 30_000,
  hookTimeout: 60_000
} as const

const wholeProgram = {
  environment: 'node',
  pool: 'forks',
  setupFiles: 'tests/number-arrays.ts',
  testTimeout: 120_000,
  hookTimeout: 120_000
} as const

/**
 * Test files that need a process of their own: those that count its tensors, open files or threads, and those that put
 * other modules in the place of the app's.
 */
const alone = [
  'tests/main/trainer/**/*.test.ts',
  'tests/main/data/handles.test.ts',
  'tests/main/engine/dataset/counts-ahead.test.ts',
  ...testFiles('tests/main').filter((path: string) =>
    readFileSync(path, 'utf8').includes('vi.mock(')
  )
]

export default defineConfig({
  test: {
    // one test file a core; the default leaves a core idle, half of a machine with two
    maxWorkers: '100%',
    // `npm test` measures it over the unit project; types alone have no lines
    coverage: {
      provider: 'v8',
      include: ['src/core/**', 'src/contract/**', 'src/main/engine/**', 'src/main/data/**'],
      reporter: ['text-summary'],
      reportsDirectory: 'node_modules/.cache/coverage',
      reportOnFailure: true,
      thresholds: { lines: 90, perFile: true }
    },
    projects: [
      {
        test: {
          ...unit,
          name: 'unit',
          include: ['tests/{core,contract,chart,main,scripts}/**/*.test.ts'],
          exclude: alone,
          // a process reads the modules once for all of its files
          isolate: false
        }
      },
      { test: { ...unit, name: 'alone', include: alone } },
      {
        plugins: [svelte()],
        define: { LICENCES: JSON.stringify(licences()) },
        optimizeDeps: {
          // icons are imported one by one: bundling each as it is met would reload running tests
          exclude: ['@lucide/svelte'],
          include: [
            'vitest-browser-svelte',
            'svelte',
            'birpc',
            'cbor-x',
            'chart.js',
            'chartjs-plugin-annotation',
            'chartjs-plugin-zoom',
            'zod',
            'd3-scale-chromatic',
            'axe-core',
            'bits-ui'
          ]
        },
        test: {
          name: 'component',
          include: ['tests/renderer/**/*.test.ts'],
          setupFiles: ['tests/renderer/fixtures/each-file.ts'],
          testTimeout: 30_000,
          // one page loads the modules once for all files
          isolate: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                executablePath: process.env.NORMSCOPE_CHROMIUM,
                args: ['--no-sandbox']
              }
            }),
            instances: [{ browser: 'chromium' }],
            viewport: { width: 1280, height: 800 }
          }
        }
      },
      {
        test: { ...wholeProgram, name: 'cli', include: ['tests/cli/**/*.test.ts'] }
      },
      {
        test: {
          ...wholeProgram,
          name: 'e2e',
          include: ['tests/{desktop,served}/**/*.test.ts'],
          // windows: one at a time has the screen and the keyboard
          fileParallelism: false,
          // what drives them is loaded once
          isolate: false
        }
      },
      {
        // `npm run soak`; not part of `npm test`
        test: { ...wholeProgram, name: 'soak', include: ['tests/soak/**/*.test.ts'] }
      }
    ]
  }
})
