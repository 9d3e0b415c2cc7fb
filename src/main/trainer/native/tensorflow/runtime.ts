import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NormscopeError } from '../../../../core/error'
import { GRAPH, makeTemporaryFolder } from '../../../processes/temporary-folder'
import { loadBinding } from './binding'
import type { Binding, TypedArray } from './binding'
import { TAG } from './saved-model'

/** Values for one input of the graph. They may be changed again once the call is over. */
export interface Feed {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: TypedArray
}

/**
 * A graph in a TensorFlow session of its own. A call that fails leaks what it was given, so it is fatal
 * for the process: NormscopeError 'tensorflow-call-failed'.
 */
export class NativeGraph {
  readonly #binding: Binding
  #id: number | undefined

  constructor(savedModel: Uint8Array) {
    this.#binding = loadBinding()
    const folder = makeTemporaryFolder(GRAPH)
    try {
      writeFileSync(join(folder, 'saved_model.pb'), savedModel)
      this.#id = call('loading the graph', () => this.#binding.loadSavedModel(folder, TAG))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }

  /** Runs what `outputs` need and returns their values. */
  run(feeds: readonly Feed[], outputs: readonly string[]): TypedArray[] {
    const binding = this.#binding
    return call(`computing ${outputs[0]}`, () => {
      const id = this.#session()
      const ids: number[] = []
      try {
        for (const { shape, values } of feeds) {
          ids.push(binding.createTensor([...shape], this.#type(values), values))
        }
        const names = feeds.map(({ name }) => name).join(',')
        return binding.runSavedModel(id, ids, names, outputs.join(',')).map((output) => {
          const values = binding.tensorDataSync(output.id)
          binding.deleteTensor(output.id)
          return values
        })
      } finally {
        for (const tensor of ids) binding.deleteTensor(tensor)
      }
    })
  }

  /** Frees the session and all it holds; more than once does no harm. */
  dispose(): void {
    if (this.#id === undefined) return
    this.#binding.deleteSavedModel(this.#id)
    this.#id = undefined
  }

  #session(): number {
    if (this.#id === undefined) throw new Error('the session was disposed of')
    return this.#id
  }

  #type(values: TypedArray): number {
    if (values instanceof Float32Array) return this.#binding.TF_FLOAT
    return values instanceof Int32Array ? this.#binding.TF_INT32 : this.#binding.TF_UINT8
  }
}

function call<T>(what: string, work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    throw new NormscopeError({
      code: 'tensorflow-call-failed',
      message: `TensorFlow failed while ${what}: ${reason}`,
      actual: reason,
      hint: 'A new trainer process starts for the next run; if memory was short, use fewer images or units.'
    })
  }
}
