import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { errorFacts, NormscopeError } from '../src/core/error'
import { DecoderPool } from '../src/main/data/files/decoder-pool'
import { Hdf5Process } from '../src/main/data/files/hdf5'
import { mutated } from './mutations'
import { plainly } from './plain'
import { difference, openWhole, readAll } from './reading'
import type { Processes } from './reading'
import { ALL_FILES, arrayFile, SEEDS } from './seeds'
import type { Recipe } from './seeds'
import { Wrong } from './subject'
import type { FileSet, Subject } from './subject'
import { SUBJECTS } from './subjects'

/** Files of one attempt, and what of them is opened. */
export interface Attempt {
  readonly path: string
  readonly files: FileSet
  /** of what is no data set: how it is read */
  readonly read?: (folder: string, signal: AbortSignal) => Promise<string>
}

/** What came of it: 'opened', the code of an error of ours, or a finding. */
export type Outcome =
  | { readonly kind: 'opened'; readonly compared: boolean; readonly format: string }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'crash' | 'wrong' | 'hang'; readonly message: string }

/** What a subject is made of, once. */
const made = new Map<string, FileSet>()

export async function attemptOf(recipe: Recipe): Promise<Attempt> {
  if ('array' in recipe) {
    const name = recipe.array.kind === 'idx' ? 'images-idx-ubyte' : 'x.npy'
    return { path: name, files: { [name]: arrayFile(recipe.array) } }
  }
  const { seed, file: place, steps } = recipe
  const subject = SUBJECTS[seed]
  const { path, files } = subject ? { path: '', files: await filesOf(seed, subject) } : SEEDS[seed]!
  const names = Object.keys(files)
  const name = names[place % names.length]!
  const damaged = (bytes: Uint8Array): Uint8Array => mutated(bytes, steps, ALL_FILES)
  const changed = subject?.later ? files : { ...files, [name]: damaged(files[name]!) }
  if (!subject) return { path, files: changed }
  const pick = (count: number): number => place % count
  return {
    ...{ path, files: changed },
    read: (folder, signal) => subject.read({ folder, file: name, pick, damaged, signal })
  }
}

async function filesOf(name: string, subject: Subject): Promise<FileSet> {
  const files = made.get(name) ?? (await subject.files())
  made.set(name, files)
  return files
}

const HANG_MS = 15_000

/** Opens what is tried in a folder of its own, again and again, and says what came of each. */
export class Judge {
  readonly #folder: string
  readonly #processes: Processes
  #count = 0

  /** @param program the decoder; pictures of many attempts go to the same one */
  constructor(folder: string, program?: string) {
    this.#folder = folder
    const timeoutMs = HANG_MS / 2
    this.#processes = {
      decoders: new DecoderPool(() => undefined, { program, timeoutMs }),
      hdf5: new Hdf5Process(() => undefined, { timeoutMs })
    }
  }

  async close(): Promise<void> {
    const { decoders, hdf5 } = this.#processes
    await Promise.all([decoders.close(), hdf5.close()])
  }

  /** `whole`: through the store as the app does, not by the readers alone. */
  async try({ path, files, read }: Attempt, whole = false): Promise<Outcome> {
    const folder = join(this.#folder, String(this.#count++))
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), content)
    }
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), HANG_MS)
    try {
      if (read) {
        return { kind: 'opened', compared: false, format: await read(folder, abort.signal) }
      }
      const place = join(folder, path)
      const plain = single({ path, files })
      const how = { keep: plain !== undefined, signal: abort.signal }
      const opened = whole
        ? await openWhole(place, this.#folder, how)
        : await readAll(place, this.#processes, how)
      const wrong = plain && difference(opened, plain)
      if (wrong !== undefined) return { kind: 'wrong', message: wrong }
      return { kind: 'opened', compared: plain !== undefined, format: opened.format }
    } catch (thrown) {
      if (abort.signal.aborted) return { kind: 'hang', message: `more than ${HANG_MS} ms` }
      const { code, message } = errorFacts(thrown)
      if (thrown instanceof Wrong) return { kind: 'wrong', message }
      if (!(thrown instanceof NormscopeError)) {
        return { kind: 'crash', message: thrown instanceof Error ? String(thrown.stack) : message }
      }
      if (
        /: (the decoder|the process that reads it) ended \(|: (decoding|reading) it took longer/.test(
          message
        )
      ) {
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
function single({ path, files }: Pick<Attempt, 'path' | 'files'>): ReturnType<typeof plainly> {
  const file = files[path] ?? Object.values(files)[0]
  return file === undefined ? undefined : plainly(file)
}
