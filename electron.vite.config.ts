import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'electron-vite'
import type { ModuleInfo } from 'rolldown'
import { kernelsPlugin } from './scripts/setup/kernels.mjs'
import { licences } from './scripts/setup/licences.mjs'
import { buildTargets } from './scripts/setup/targets.mjs'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const { node, chrome } = buildTargets()

/** Packages with native or WebAssembly parts stay outside the bundle; everything else is bundled. */
const external = [/^@tensorflow\//, /^@napi-rs\//, 'electron']

let atStart: Set<string> | undefined

/** Puts what the window's first script imports, and what that imports, together with it. */
function withStart(
  id: string,
  context: { getModuleInfo(id: string): ModuleInfo | null }
): string | null {
  if (atStart === undefined) {
    atStart = new Set([at('src/renderer/main.ts')])
    for (const found of atStart) {
      for (const imported of context.getModuleInfo(found)?.importedIds ?? []) atStart.add(imported)
    }
  }
  return atStart.has(id) ? 'start' : null
}

export default defineConfig({
  main: {
    plugins: [kernelsPlugin()],
    build: {
      target: node,
      externalizeDeps: false,
      rolldownOptions: {
        external,
        input: {
          index: at('src/main/desktop/index.ts'),
          engine: at('src/main/engine/index.ts'),
          trainer: at('src/main/trainer/index.ts'),
          decoder: at('src/main/decoder/index.ts'),
          hdf5: at('src/main/hdf5/index.ts'),
          statistics: at('src/main/statistics/worker.ts'),
          hash: at('src/main/disk/hash-thread.ts'),
          cli: at('src/main/cli/index.ts')
        },
        output: {
          format: 'cjs',
          entryFileNames: '[name].cjs',
          chunkFileNames: 'chunks/[name]-[hash].cjs'
        }
      }
    }
  },
  preload: {
    build: {
      target: node,
      externalizeDeps: false,
      rolldownOptions: {
        external: ['electron'],
        input: { index: at('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' }
      }
    }
  },
  renderer: {
    root: at('src/renderer'),
    base: './',
    // the other one tries whether it may make functions of text, which the window's policy forbids
    resolve: { alias: [{ find: /^cbor-x$/, replacement: 'cbor-x/index-no-eval' }] },
    plugins: [svelte()],
    define: { LICENCES: JSON.stringify(licences()) },
    build: {
      target: chrome,
      minify: true,
      cssMinify: 'lightningcss',
      rolldownOptions: {
        input: at('src/renderer/index.html'),
        // one script, and one sheet, up to the first pictures: each more is asked of the main process
        output: {
          codeSplitting: {
            groups: [{ name: withStart, debugName: 'start' }]
          }
        }
      }
    }
  }
})
