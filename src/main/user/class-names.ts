import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sync as writeFileAtomic } from 'write-file-atomic'
import { z } from 'zod'
import { withClassNames } from '../../core/dataset/class-names'
import type { Dataset } from '../../core/dataset/dataset'

const schema = z.record(z.string(), z.array(z.string()))

/** The names that a person gave to classes, by the id of the data set; in the user-data folder. */
export class ClassNames {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The data set under its kept names, if there are some that fit. */
  named(dataset: Dataset): Dataset {
    const names = this.#all()[dataset.id]
    return names?.length === dataset.classNames.length ? withClassNames(dataset, names) : dataset
  }

  /** undefined forgets them; throws where the folder cannot be written to. */
  keep(id: string, names: readonly string[] | undefined): void {
    const { [id]: _, ...others } = this.#all()
    const all = names === undefined ? others : { ...others, [id]: names }
    mkdirSync(this.#folder, { recursive: true })
    writeFileAtomic(this.#file, JSON.stringify(all))
  }

  get #file(): string {
    return join(this.#folder, 'class-names.json')
  }

  /** A file that is missing or damaged counts as empty. */
  #all(): Readonly<Record<string, readonly string[]>> {
    try {
      return schema.parse(JSON.parse(readFileSync(this.#file, 'utf8')))
    } catch {
      return {}
    }
  }
}
