import { dirname, join } from 'node:path'
import type { Entry, ScopedFiles } from '../../../core/format/files'
import { lookOf } from './fingerprint'

/** What planning looked at, and how that was just before: while it is the same, so is the plan. */
export class Touched {
  readonly #looks = new Map<string, string | undefined>()
  readonly #passing: (path: string) => boolean
  #walked = false

  /** `passing`: whether a file is gone when the opening ends */
  constructor(passing: (path: string) => boolean) {
    this.#passing = passing
  }

  /** Files and folders by path, with their `lookOf`; undefined where whole trees were walked. */
  get looks(): ReadonlyMap<string, string | undefined> | undefined {
    return this.#walked ? undefined : this.#looks
  }

  /** The same files, noted here as they are asked for. */
  by(files: ScopedFiles): ScopedFiles {
    const listed = (entries: readonly Entry[]): readonly Entry[] => {
      // a link to nothing may lead to something later
      for (const { kind, path } of entries) if (kind === 'other') this.#note(path)
      return entries
    }
    return {
      ...files,
      kindOf: (path) => files.kindOf(this.#note(path)),
      open: (path) => files.open(this.#note(path)),
      list: async (folder) => listed(await files.list(this.#note(folder))),
      beside: async (path) => {
        this.#note(dirname(path))
        return listed(await files.beside(path))
      },
      head: (folder, file) => {
        this.#note(join(folder, file))
        return files.head(folder, file)
      },
      walk: (folder) => {
        this.#walked = true
        return files.walk(folder)
      },
      scope: () => this.by(files.scope())
    }
  }

  #note(path: string): string {
    if (!this.#looks.has(path) && !this.#passing(path)) this.#looks.set(path, lookOf(path))
    return path
  }
}
