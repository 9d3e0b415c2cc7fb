import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { errorFacts, NormscopeError } from '../src/core/error'
import { findDataset } from '../src/core/format/find'
import type { ReadableSplit } from '../src/core/format/find'
import { FORMATS } from '../src/core/format/formats'
import type { Files } from '../src/core/format/files'
import { checkCounts, mapLabels } from '../src/core/format/labels'
import { MAX_PIXELS } from '../src/core/format/pictures'
import { DecoderPool } from '../src/main/data/files/decoder-pool'
import { createFiles } from '../src/main/data/files/node-files'
import { openDataset } from '../src/main/data/open'
import { readLabels, readRows } from '../src/main/data/rows'
import { mutated } from './mutations'
import { plainly } from './plain'
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
/** Of a data set: two pictures of the most pixels, which a few bytes can ask for, in colour. */
const MOST_VALUES = 6 * MAX_PIXELS

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
      const opened = whole
        ? await this.#openWhole(place, plain !== undefined, abort.signal)
        : await this.#read(place, plain !== undefined, abort.signal)
      const wrong = plain && difference(opened, plain)
      if (wrong !== undefined) return { kind: 'wrong', message: wrong }
      return { kind: 'opened', compared: plain !== undefined, format: opened.format }
    } catch (thrown) {
      if (abort.signal.aborted) return { kind: 'hang', message: `more than ${HANG_MS} ms` }
      const { code, message } = errorFacts(thrown)
      if (!(thrown instanceof NormscopeError)) {
        return { kind: 'crash', message: thrown instanceof Error ? String(thrown.stack) : message }
      }
      const said = /^[a-z]+(-[a-z0-9]+)*$/.test(code) && message.length > 20
      return said ? { kind: 'refused', code } : { kind: 'wrong', message: `${code}: ${message}` }
    } finally {
      clearTimeout(timer)
      rmSync(folder, { recursive: true, force: true })
    }
  }

  async #read(place: string, keep: boolean, signal: AbortSignal): Promise<Pixels> {
    const hooks = { onProgress: () => undefined, check: () => signal.throwIfAborted() }
    const own = createFiles(hooks)
    const files: Files = {
      ...own,
      decode: (...asked) => this.#decoders.decode(...asked)
    }
    try {
      const plan = await findDataset(place, undefined, files, FORMATS)
      const train = await splitOf(plan.train, keep, signal)
      if (plan.test !== undefined) await splitOf(plan.test, false, signal)
      return { format: plan.format.id, ...train }
    } finally {
      await own.close()
    }
  }

  async #openWhole(place: string, keep: boolean, signal: AbortSignal): Promise<Pixels> {
    const store = { folder: join(this.#folder, 'store') }
    try {
      const { height, width, channels, splits, format } = await openDataset(place, {
        store,
        signal
      })
      const dataset = { height, width, channels, splits, format }
      const opened = await openDataset(place, { store, signal })
      const { count } = splits.train
      const rows = await readRows(opened, 'train', 0, keep ? count : Math.min(count, 1))
      const values = Float64Array.from(keep ? rows : [])
      if (splits.train.labels !== undefined) await readLabels(opened, 'train')
      return { ...dataset, count, values, rounded: true }
    } finally {
      rmSync(store.folder, { recursive: true, force: true })
    }
  }
}

interface Pixels {
  readonly format: string
  readonly count: number
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly values: Float64Array
  /** to the floats that the store holds */
  readonly rounded?: boolean
}

/** Reads all of a split; its values are kept only where they are to be compared. */
async function splitOf(
  split: ReadableSplit,
  keep: boolean,
  signal: AbortSignal
): Promise<Omit<Pixels, 'format'>> {
  const { height, width, chunks, labels } = await split.open(() => undefined)
  const pieces: Float64Array[] = []
  let channels = 1
  let count = 0
  let total = 0
  for await (const chunk of chunks()) {
    signal.throwIfAborted()
    channels = chunk.channels
    count += chunk.values.length / (height * width * channels)
    total += chunk.values.length
    if (total > MOST_VALUES) throw new Error(`${total} values of a file of a few bytes`)
    if (keep) pieces.push(Float64Array.from(chunk.values))
  }
  if (!Number.isInteger(count)) throw new Error(`${total} values are no whole images`)
  const given = await labels?.(count)
  if (given !== undefined) {
    checkCounts(split.path, count, given.length)
    mapLabels(split.path, [given], () => undefined)
  }
  const values = new Float64Array(keep ? total : 0)
  let at = 0
  for (const piece of pieces) {
    values.set(piece, at)
    at += piece.length
  }
  return { count, height, width, channels, values }
}

/** What the one file of an attempt has to hold, where that can be told apart from our readers. */
function single({ path, files }: Attempt): ReturnType<typeof plainly> {
  const file = files[path] ?? Object.values(files)[0]
  return file === undefined ? undefined : plainly(file)
}

function difference(
  found: Pixels,
  plain: NonNullable<ReturnType<typeof plainly>>
): string | undefined {
  const shape = ({
    height,
    width,
    channels
  }: Omit<Pixels, 'values' | 'count' | 'format'>): string => `${height} × ${width} × ${channels}`
  if (shape(found) !== shape(plain)) return `${shape(found)} for ${shape(plain)}`
  if (found.values.length !== plain.values.length) {
    return `${found.values.length} values for ${plain.values.length}`
  }
  const same = (a: number, b: number): boolean => Object.is(a, b) || a === b
  const at = found.values.findIndex((value, place) => {
    const wanted = plain.values[place]!
    return !same(value, wanted) && !(found.rounded === true && same(value, Math.fround(wanted)))
  })
  return at < 0 ? undefined : `value ${at} is ${found.values[at]} for ${plain.values[at]}`
}
