import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { errorFacts, NormscopeError } from '../src/core/error'
import { DecoderPool } from '../src/main/data/files/decoder-pool'
import { mutated } from './mutations'
import { plainly } from './plain'
import { difference, openWhole, readAll } from './reading'
import { ALL_FILES, arrayFile, SEEDS } from './seeds'
import type { Recipe } from './seeds'

/** Files of one attempt, and what of them is opened. */
export interface Attempt {
  readonly path: string
  readonly files: Readonly<Record<string, Uint8Array>>
}

/** What came of it: 'opened', the code of an error of ours, or a finding. */
export type Outcome =
  | { readonly kind: 'opened'; readonly compared: boolean; readonly format: string }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'crash' | 'wrong' | 'hang'; readonly message: string }

export function attemptOf(recipe: Recipe): Attempt {
  if ('array' in recipe) {
    const name = recipe.array.kind === 'idx' ? 'images-idx-ubyte' : 'x.npy'
    return { path: name, files: { [name]: arrayFile(recipe.array) } }
  }
  const { path, files } = SEEDS[recipe.seed]!
  const names = Object.keys(files)
  const name = names[recipe.file % names.length]!
  return { path, files: { ...files, [name]: mutated(files[name]!, recipe.steps, ALL_FILES) } }
}

const HANG_MS = 15_000

/** Opens what is tried in a folder of its own, again and again, and says what came of each. */
export class Judge {
  readonly #folder: string
  readonly #decoders: DecoderPool
  #count = 0

  /** @param program the decoder; pictures of many attempts go to the same one */
  constructor(folder: string, program?: string) {
    this.#folder = folder
    this.#decoders = new DecoderPool(() => undefined, { program, timeoutMs: HANG_MS / 2 })
  }

  close(): Promise<void> {
    return this.#decoders.close()
  }

  /** `whole`: through the store as the app does, not by the readers alone. */
  async try({ path, files }: Attempt, whole = false): Promise<Outcome> {
    const folder = join(this.#folder, String(this.#count++))
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), content)
    }
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), HANG_MS)
    try {
      const place = join(folder, path)
      const plain = single({ path, files })
      const how = { keep: plain !== undefined, signal: abort.signal }
      const opened = whole
        ? await openWhole(place, this.#folder, how)
        : await readAll(place, this.#decoders, how)
      const wrong = plain && difference(opened, plain)
      if (wrong !== undefined) return { kind: 'wrong', message: wrong }
      return { kind: 'opened', compared: plain !== undefined, format: opened.format }
    } catch (thrown) {
      if (abort.signal.aborted) return { kind: 'hang', message: `more than ${HANG_MS} ms` }
      const { code, message } = errorFacts(thrown)
      if (!(thrown instanceof NormscopeError)) {
        return { kind: 'crash', message: thrown instanceof Error ? String(thrown.stack) : message }
      }
      if (/: the decoder ended \(|: decoding it took longer/.test(message)) {
        return { kind: 'refused', code: `${code} whose decoder ended` }
      }
      const said = /^[a-z]+(-[a-z0-9]+)*$/.test(code) && message.length > 20
      return said ? { kind: 'refused', code } : { kind: 'wrong', message: `${code}: ${message}` }
    } finally {
      clearTimeout(timer)
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** What the one file of an attempt has to hold, where that can be told apart from our readers. */
function single({ path, files }: Attempt): ReturnType<typeof plainly> {
  const file = files[path] ?? Object.values(files)[0]
  return file === undefined ? undefined : plainly(file)
}
