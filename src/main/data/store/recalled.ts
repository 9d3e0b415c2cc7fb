import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import type { DatasetPlan } from '../../../core/format/find'
import type { SourceFile } from '../../../core/dataset/dataset'
import { isAllowed } from '../../disk/allowed'
import type { CheckPath } from '../../disk/allowed'
import { sealed, unsealed } from '../../disk/sealed'
import type { OpenHooks } from '../hooks'
import { lookOf, Pauses, stateOfFile } from './fingerprint'
import type { Source } from './fingerprint'
import { indexFolder } from './place'
import type { Touched } from './touched'

/** Sources from which on a plan is remembered: of a few it is made faster than it is read. */
const MANY = 32

/** What was asked for, and what planning it looked at. */
export interface Opening {
  /** all that a plan follows from, besides the files: paths, formats, settings; plain data */
  readonly asked: unknown
  readonly touched: Touched
  readonly checkPath: CheckPath
}

/** What is known of a data set without looking into its files. */
export type KnownPlan = Pick<DatasetPlan, 'name' | 'warnings'> & {
  readonly format: Pick<DatasetPlan['format'], 'id'>
}

export interface Recalled {
  readonly plan: KnownPlan
  /** the key of its entry in the store */
  readonly key: string
  readonly sources: readonly Source[]
}

interface Kept {
  readonly name: string
  readonly format: string
  readonly warnings: readonly string[]
  readonly key: string
  readonly sources: readonly (SourceFile & Pick<Source, 'state'>)[]
  /** path and look of what is no source; no look where there was nothing */
  readonly looks: readonly (readonly [string, string?])[]
}

/**
 * What an opening of the same found, where every file and folder that it looked at is as it was: of
 * thousands of files planning would take seconds. Undefined where it is not known, or anything changed.
 */
export async function recallOpening(
  root: string,
  { asked, checkPath }: Opening,
  hooks: OpenHooks
): Promise<Recalled | undefined> {
  const kept = await recall(recordOf(root, asked))
  if (kept === undefined) return undefined
  const pauses = new Pauses(hooks.check)
  const sources: Source[] = []
  for (const { state, ...file } of kept.sources) {
    if (pauses.isDue) await pauses.pause()
    const now = (await isAllowed(file.path, checkPath)) ? stateNow(file.path) : undefined
    if (now?.state !== state) return undefined
    sources.push({ file, ...now })
  }
  for (const [path, look] of kept.looks) {
    if (pauses.isDue) await pauses.pause()
    if (lookOf(path) !== look || !(await isAllowed(path, checkPath))) return undefined
  }
  const { name, format, warnings, key } = kept
  return { plan: { name, format: { id: format }, warnings }, key, sources }
}

/** Only a memory: where it cannot be kept, the plan is made again. */
export async function keepOpening(
  root: string,
  { asked, touched }: Opening,
  { name, format, warnings, ...plan }: DatasetPlan,
  key: string,
  sources: readonly Source[]
): Promise<void> {
  const { looks } = touched
  const isFolder = plan.sources.some(({ files }) => files !== undefined)
  if (sources.length < MANY || looks === undefined || isFolder) return
  const states = new Map(sources.map(({ file, state }) => [file.path, state]))
  const changed = [...looks].some(
    ([path, look]) => states.get(path)?.startsWith(`${look} `) === false
  )
  if (changed) return
  const kept: Kept = {
    name,
    format: format.id,
    warnings,
    key,
    sources: sources.map(({ file, state }) => ({ ...file, state })),
    looks: [...looks].flatMap(([path, look]) =>
      states.has(path) ? [] : [look === undefined ? [path] : [path, look]]
    )
  }
  const record = recordOf(root, asked)
  try {
    await mkdir(dirname(record), { recursive: true })
    await writeFileAtomic(record, sealed(kept), { fsync: false })
  } catch {
    // as said above
  }
}

/** Another build of the program may plan otherwise. */
function recordOf(root: string, asked: unknown): string {
  const hash = createHash('sha256').update(
    JSON.stringify([__filename, statSync(__filename, { throwIfNoEntry: false })?.mtimeMs, asked])
  )
  return join(indexFolder(root), `${hash.digest('hex')}.plan.json`)
}

async function recall(record: string): Promise<Kept | undefined> {
  try {
    return unsealed(await readFile(record, 'utf8')) as Kept | undefined
  } catch {
    return undefined // never opened, or a damaged record
  }
}

function stateNow(path: string): ReturnType<typeof stateOfFile> | undefined {
  try {
    return stateOfFile(path)
  } catch {
    return undefined // said by whoever plans anew
  }
}
