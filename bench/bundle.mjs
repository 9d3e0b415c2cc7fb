import { join } from 'node:path'
import { inBench, inProject } from './paths.mjs'

/** Bundles a program of the benchmark from the sources as they are; its path. */
export async function bundled(entry) {
  const { build } = await import('vite')
  const outDir = inProject('node_modules', '.cache', 'bench', entry.replaceAll(/[^\w-]/g, '-'))
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: inBench(entry),
      outDir,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        external: [/^@napi-rs\//, /^@tensorflow\//],
        output: { format: 'cjs', entryFileNames: 'program.cjs' }
      }
    }
  })
  process.env.NORMSCOPE_PROGRAM_FOLDER = inProject('out', 'main')
  return join(outDir, 'program.cjs')
}
