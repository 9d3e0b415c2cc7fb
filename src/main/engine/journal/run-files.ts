import { readdir, readFile, rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { readJson } from '../../../core/study/json'
import { runRecord } from '../../../core/study/record-schema'
import type { RunRecord } from '../../../core/study/run'
import { yieldToEventLoop } from '../event-loop'
import { readRunLines } from './run-lines'

/** Of today, and of 0.1.0: the whole record as one JSON. */
const ENDINGS = ['.jsonl', '.json'] as const

/** The files a run may be kept in. */
export function runFiles(folder: string, id: string): { file: string; old: string } {
  const name = encodeURIComponent(id)
  return { file: join(folder, `${name}.jsonl`), old: join(folder, `${name}.json`) }
}

interface KeptRuns {
  readonly runs: readonly { readonly record: RunRecord; readonly bytes: number }[]
  /** files that hold no run, set aside under a name that ends in `.damaged` */
  readonly damaged: readonly string[]
  /** the system's errors on the way */
  readonly failures: readonly unknown[]
}

/** Every run in a folder, oldest first. Damaged files are renamed where `setAside` allows it. */
export async function readRunFiles(folder: string, setAside: boolean): Promise<KeptRuns> {
  const runs = new Map<string, { record: RunRecord; bytes: number }>()
  const damaged: string[] = []
  const failures: unknown[] = []
  const names = await readdir(folder).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'ENOENT' && thrown.code !== 'ENOTDIR') failures.push(thrown)
    return []
  })
  for (const ending of ENDINGS) {
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
        const record = await readRun(text, ending)
        if (!runs.has(record.id)) runs.set(record.id, { record, bytes: Buffer.byteLength(text) })
      } catch {
        damaged.push(setAside ? await moveAside(path) : path)
      }
    }
  }
  const sorted = [...runs.values()].sort((a, b) => a.record.createdAt - b.record.createdAt)
  return { runs: sorted, damaged, failures }
}

async function readRun(text: string, ending: (typeof ENDINGS)[number]): Promise<RunRecord> {
  if (ending === '.jsonl') return readRunLines(text, yieldToEventLoop)
  await yieldToEventLoop()
  return runRecord.parse(readJson(text))
}

/** The new name; the old one where that fails. */
async function moveAside(path: string): Promise<string> {
  const taken = new Set(await readdir(dirname(path)).catch(() => []))
  const name = basename(path)
  let aside = `${name}.damaged`
  for (let at = 2; taken.has(aside); at++) aside = `${name}.${at}.damaged`
  const to = join(dirname(path), aside)
  return rename(path, to).then(
    () => to,
    () => path
  )
}
