// The fuzzer's own programs, bundled with what they need of the sources.
import { inProject } from '../scripts/setup/paths.mjs'

/** Resolves to the path of `fuzz/NAME.ts` as a program. */
export async function bundled(name) {
  const { build } = await import('vite')
  const outDir = inProject('node_modules', '.cache', 'fuzz', name)
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: inProject('fuzz', `${name}.ts`),
      outDir,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        external: [/^@napi-rs\//, /^@tensorflow\//],
        output: { format: 'cjs', entryFileNames: `${name}.cjs` }
      }
    }
  })
  return `${outDir}/${name}.cjs`
}
