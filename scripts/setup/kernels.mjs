// The WebAssembly of the statistics, compiled from src/wasm by AssemblyScript.
import { inProject } from './paths.mjs'

/** 65,536 bytes each: 2 GB. */
const MOST_PAGES = 32768

/** @returns the module's bytes; throws what the compiler said */
export async function compiledKernels() {
  const { default: asc } = await import('assemblyscript/asc')
  let module
  const { error, stderr } = await asc.main(
    ['index.ts', '--baseDir', inProject('src', 'wasm'), '--outFile', 'kernels.wasm'].concat(
      ...['-O3', '--runtime', 'stub', '--enable', 'simd', '--enable', 'threads'],
      // memory that is shared can grow while somebody looks at it
      ...['--importMemory', '--sharedMemory', '--maximumMemory', String(MOST_PAGES)]
    ),
    {
      writeFile(name, content) {
        if (name.endsWith('.wasm')) module = content
      }
    }
  )
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`)
  return module
}

/** For the bundler: puts the module beside the programs. */
export const kernelsPlugin = () => ({
  name: 'normscope-kernels',
  async generateBundle() {
    this.emitFile({ type: 'asset', fileName: KERNELS_FILE, source: await compiledKernels() })
  }
})

export const KERNELS_FILE = 'kernels.wasm'
