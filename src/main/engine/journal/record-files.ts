import { readdir, readFile, rename, truncate } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { asidePath } from '../../disk/aside'
import { fileOf } from './file-of'

/** How records of one kind are kept: each has a file of lines, to which what changes is appended. */
export interface RecordForm<Kept extends { readonly id: string }> {
  /** in the journal's folder */
  readonly folder: string
  /** what is appended when a record changed */
  line(record: Kept): string
  /** the whole file, line by line */
  lines(record: Kept): Iterable<string>
  /** whether it is to outlive a power cut */
  lasting(record: Kept): boolean
  /** by the ending of the file, today's first; a text that holds no record throws */
  readonly readers: Readonly<Record<string, (text: string) => Promise<Kept>>>
}

/** The file a record is kept in, and those of older versions. */
export function recordFiles<Kept extends { readonly id: string }>(
  { folder, readers }: RecordForm<Kept>,
  journal: string,
  id: string
): { file: string; old: readonly string[] } {
  const [file = '', ...old] = Object.keys(readers).map((ending) =>
    join(journal, folder, `${fileOf(id)}${ending}`)
  )
  return { file, old }
}

interface FoundRecord<Kept> {
  readonly record: Kept
  readonly bytes: number
  /** whether its file can be appended to */
  readonly lines: boolean
}

interface KeptRecords<Kept> {
  readonly records: readonly FoundRecord<Kept>[]
  /** names, without endings, of all files that hold no record, of before too: what else is theirs may be wanted */
  readonly aside: readonly string[]
  /** files that hold no record, set aside under a name that ends in `.damaged` */
  readonly damaged: readonly string[]
  /** the system's errors on the way */
  readonly failures: readonly unknown[]
}

/** Also as older versions have named a file: one by another id has been changed, and what else is kept by that id is not its. */
const isNameOf = (name: string, id: string): boolean =>
  name === fileOf(id) || name === encodeURIComponent(id)

/** As `asidePath` names it. */
const ASIDE = /^(.*?)\.jsonl?(?:\.\d+)?\.damaged$/

/** Every record of a form, oldest first. Damaged files are renamed where `setAside` allows it. */
export async function readRecords<Kept extends { readonly id: string; readonly createdAt: number }>(
  form: RecordForm<Kept>,
  journal: string,
  setAside: boolean
): Promise<KeptRecords<Kept>> {
  const folder = join(journal, form.folder)
  const found = new Map<string, FoundRecord<Kept>>()
  const [today] = Object.keys(form.readers)
  const damaged: string[] = []
  const failures: unknown[] = []
  const names = await readdir(folder).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'ENOENT' && thrown.code !== 'ENOTDIR') failures.push(thrown)
    return []
  })
  for (const [ending, read] of Object.entries(form.readers)) {
    for (const name of names.filter((each) => each.endsWith(ending))) {
      const path = join(folder, name)
      let text: string
      try {
        text = await readFile(path, 'utf8')
      } catch (thrown) {
        failures.push(thrown)
        continue
      }
      try {
        const record = await read(text)
        if (!isNameOf(name.slice(0, -ending.length), record.id)) throw new Error('another record')
        if (found.has(record.id)) continue
        const whole = text.slice(0, text.lastIndexOf('\n') + 1)
        const bytes = Buffer.byteLength(whole)
        // what is appended must not follow on a line that a kill cut off
        const lines = ending === today && (whole === text || (setAside && (await cut(path, bytes))))
        found.set(record.id, { record, bytes: lines ? bytes : Buffer.byteLength(text), lines })
      } catch {
        damaged.push(setAside ? await moveAside(path) : path)
      }
    }
  }
  const records = [...found.values()].sort((a, b) => a.record.createdAt - b.record.createdAt)
  const aside = [...names, ...damaged.map((path) => basename(path))].flatMap(
    (name) => ASIDE.exec(name)?.[1] ?? []
  )
  return { records, aside, damaged, failures }
}

/** Whether the file was cut to so many bytes. */
function cut(path: string, bytes: number): Promise<boolean> {
  return truncate(path, bytes).then(
    () => true,
    () => false
  )
}

/** The new name; the old one where that fails. */
function moveAside(path: string): Promise<string> {
  const to = asidePath(path)
  return rename(path, to).then(
    () => to,
    () => path
  )
}
