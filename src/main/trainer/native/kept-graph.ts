import type { PreprocessingForm } from '../../../core/preprocessing/preprocessing'
import type { LabelledImages, SessionInput } from '../session'
import { NativeGraph } from './tensorflow/runtime'

/** What a graph holds of a run's images. */
export interface Held {
  readonly splits: readonly LabelledImages[]
  /** what was applied to them; undefined where the graph does it, step by step */
  readonly form: PreprocessingForm | undefined
}

export interface OpenedGraph {
  readonly graph: NativeGraph
  /** whether it holds the images already */
  readonly filled: boolean
}

/**
 * Keeps the graph of the run that ended last. The next one often differs in seed or constants alone: it then has
 * graph, images and TensorFlow's plans of every call at once.
 */
export class GraphKeeper {
  #kept:
    { readonly program: Uint8Array; readonly held: Held; readonly graph: NativeGraph } | undefined

  /** A graph of the program; another that was kept is freed before. */
  open(program: Uint8Array, held: Held): OpenedGraph {
    const kept = this.#kept
    this.#kept = undefined
    if (kept && same(kept.held, held) && Buffer.compare(kept.program, program) === 0) {
      return { graph: kept.graph, filled: true }
    }
    kept?.graph.dispose()
    return { graph: new NativeGraph(program), filled: false }
  }

  keep(program: Uint8Array, held: Held, graph: NativeGraph): void {
    this.#kept?.graph.dispose()
    this.#kept = { program, held, graph }
  }
}

/** The very same arrays, stored in the same way. */
function same(a: Held, b: Held): boolean {
  return (
    a.form === b.form &&
    a.splits.every(
      ({ pixels, labels }, at) => pixels === b.splits[at]!.pixels && labels === b.splits[at]!.labels
    )
  )
}

export function heldOf({ train, test, preprocessing }: SessionInput, inGraph: boolean): Held {
  return { splits: [train, test], form: inGraph ? undefined : preprocessing.form }
}
