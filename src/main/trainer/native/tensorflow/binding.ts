import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { NormscopeError } from '../../../../core/error'

export type TypedArray = Float32Array | Int32Array | Uint8Array

/** The calls of tfjs-node's addon that are used here; ids are handles of its tensors and sessions. */
export interface Binding {
  /** shares the array's memory with TensorFlow until the tensor is deleted */
  createTensor(shape: number[], dtype: number, values: TypedArray): number
  deleteTensor(id: number): void
  /** a copy; float32, int32 and bool only */
  tensorDataSync(id: number): TypedArray
  loadSavedModel(folder: string, tags: string): number
  deleteSavedModel(id: number): void
  /** names joined by commas; the outputs' tensors belong to the caller */
  runSavedModel(
    id: number,
    inputs: number[],
    inputNames: string,
    outputNames: string
  ): { id: number; shape: number[]; dtype: number }[]
  getNumOfTensors(): number
  getNumOfSavedModels(): number
  readonly TF_FLOAT: number
  readonly TF_INT32: number
  readonly TF_UINT8: number
  readonly TF_Version: string
}

/** Operations of native/kernels, beside the addon where set-up has compiled them. */
const KERNELS = 'normscope_kernels.node'

let loaded: Binding | undefined
/** the file of native/kernels that was loaded */
let kernels: string | undefined
let dense = false

/**
 * libtensorflow through the addon of tfjs-node, without the rest of that package: a third of a trainer's
 * start would go into loading tfjs, of which nothing is used.
 * Throws NormscopeError 'native-library-missing' or what the system's loader says.
 */
export function loadBinding(): Binding {
  if (loaded) return loaded
  const load = createRequire(__filename)
  const folder = join(dirname(load.resolve('@tensorflow/tfjs-node/package.json')), 'lib')
  const addon = addonIn(folder)
  loaded = load(addon) as Binding
  const beside = join(dirname(addon), KERNELS)
  if (existsSync(beside)) {
    dense = (load(beside) as { readonly dense: boolean }).dense
    kernels = beside
  }
  return loaded
}

/** Whether TensorFlow knows the operations of native/kernels; loads the library. */
export function hasKernels(): boolean {
  loadBinding()
  return kernels !== undefined
}

/** Whether those of dense layers are for this processor. */
export function hasDense(): boolean {
  return hasKernels() && dense
}

/** SHA-256 of those operations as they were compiled: other ones may round in another way. */
export function kernelsHash(): string | undefined {
  loadBinding()
  return kernels && createHash('sha256').update(readFileSync(kernels)).digest('hex')
}

/** The addon for the newest Node-API that this runtime has: FOLDER/napi-v8/tfjs_binding.node. */
function addonIn(folder: string): string {
  const versions = (existsSync(folder) ? readdirSync(folder) : [])
    .map((name) => Number(/^napi-v(\d+)$/.exec(name)?.[1]))
    .filter((version) => version <= Number(process.versions.napi))
    .sort((a, b) => b - a)
  const paths = versions.map((version) => join(folder, `napi-v${version}`, 'tfjs_binding.node'))
  const found = paths.find((path) => existsSync(path))
  if (found) return found
  throw new NormscopeError({
    code: 'native-library-missing',
    message: `The native TensorFlow addon was not found in ${folder}.`,
    path: folder,
    expected: 'napi-v8/tfjs_binding.node',
    hint: 'Run the set-up again: it downloads the library and builds the addon.'
  })
}
