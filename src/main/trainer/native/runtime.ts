import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import util from 'node:util'
import { NormscopeError } from '../../../core/error'
import { TAG } from './saved-model'

/** The calls of the native binding that are used here; ids are handles of its tensors and sessions. */
interface Binding {
  createTensor(shape: number[], dtype: number, values: TypedArray): number
  deleteTensor(id: number): void
  tensorDataSync(id: number): TypedArray
  loadSavedModel(folder: string, tags: string): number
  deleteSavedModel(id: number): void
  runSavedModel(
    id: number,
    inputs: number[],
    inputNames: string,
    outputNames: string
  ): { id: number; shape: number[]; dtype: number }[]
  getNumOfTensors(): number
  TF_FLOAT: number
  TF_INT32: number
  TF_UINT8: number
  TF_Version: string
}

type TypedArray = Float32Array | Int32Array | Uint8Array

/** Values for one input of the graph. */
export interface Feed {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: TypedArray
}

let loaded: Binding | undefined

/** libtensorflow through the binding of tfjs-node; throws what the loader says where it cannot be had. */
export function loadBinding(): Binding {
  if (loaded) return loaded
  // Gone since Node 23, still called by tfjs-node 4.22 while it loads.
  const old = util as unknown as { isNullOrUndefined?: (value: unknown) => boolean }
  old.isNullOrUndefined ??= (value) => value === null || value === undefined
  const load = createRequire(__filename)
  const tf = load('@tensorflow/tfjs-node') as { backend(): { binding: Binding } }
  loaded = tf.backend().binding
  return loaded
}

/** A graph in a TensorFlow session of its own. */
export class NativeGraph {
  readonly #binding: Binding
  readonly #id: number

  constructor(savedModel: Uint8Array) {
    this.#binding = loadBinding()
    // A folder of its own each time: the same path would give the session of the graph before.
    const folder = mkdtempSync(join(tmpdir(), 'normscope-graph-'))
    try {
      writeFileSync(join(folder, 'saved_model.pb'), savedModel)
      this.#id = this.#call('loading the graph', () => this.#binding.loadSavedModel(folder, TAG))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }

  /** Runs what `outputs` need and returns their values. */
  run(feeds: readonly Feed[], outputs: readonly string[]): TypedArray[] {
    const binding = this.#binding
    const ids: number[] = []
    try {
      for (const { shape, values } of feeds) {
        ids.push(binding.createTensor([...shape], this.#type(values), values))
      }
      const results = this.#call(`computing ${outputs[0]}`, () =>
        binding.runSavedModel(
          this.#id,
          ids,
          feeds.map(({ name }) => name).join(','),
          outputs.join(',')
        )
      )
      return results.map(({ id }) => {
        const values = binding.tensorDataSync(id)
        binding.deleteTensor(id)
        return values
      })
    } finally {
      for (const id of ids) binding.deleteTensor(id)
    }
  }

  dispose(): void {
    this.#binding.deleteSavedModel(this.#id)
  }

  #type(values: TypedArray): number {
    if (values instanceof Float32Array) return this.#binding.TF_FLOAT
    return values instanceof Int32Array ? this.#binding.TF_INT32 : this.#binding.TF_UINT8
  }

  #call<T>(what: string, work: () => T): T {
    try {
      return work()
    } catch (thrown) {
      throw new NormscopeError({
        code: 'tensorflow-call-failed',
        message: `TensorFlow failed while ${what}: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
        hint: 'The trainer is started anew for the next run; if memory was short, use fewer images or units.'
      })
    }
  }
}
