import { svelte } from '@sveltejs/vite-plugin-svelte'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { licences } from './scripts/setup/licences.mjs'

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
          name: 'unit',
          environment: 'node',
          include: ['tests/{core,contract,main,scripts,chart}/**/*.test.ts'],
          pool: 'forks',
          // TensorFlow's library reads these when a process starts; results do not depend on them
          env: { TF_CPP_MIN_LOG_LEVEL: '2', TF_NUM_INTRAOP_THREADS: '1' },
          testTimeout: 30_000,
          hookTimeout: 60_000
        }
      },
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
          testTimeout: 30_000,
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
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['tests/{desktop,served,cli}/**/*.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000
        }
      }
    ]
  }
})
