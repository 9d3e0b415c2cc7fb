import { constants } from 'node:fs'
import {
  access,
  copyFile,
  link,
  mkdir,
  mkdtemp,
  readdir,
  realpath,
  rename,
  rmdir,
  stat,
  unlink,
  writeFile
} from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { NormscopeError } from '../../core/error'
import { fileError, onFile } from '../disk/files'

export interface ResultFile {
  readonly name: string
  readonly bytes: Uint8Array
}

const codeOf = (thrown: unknown): string | undefined => (thrown as NodeJS.ErrnoException).code

/** Refuses a folder that has files or cannot be written to, before hours of training go into it. */
export async function checkFree(folder: string): Promise<void> {
  const there = await filesIn(folder)
  if (there !== undefined && there.length > 0) {
    throw new NormscopeError({
      code: 'folder-not-empty',
      message: `${folder} already has ${there.length} files in it; nothing was written. Name a new or empty folder with --out.`,
      path: folder
    })
  }
  await checkWritable(there === undefined ? await firstThatExists(dirname(folder)) : folder)
}

/** Names in the folder; undefined where there is none. */
async function filesIn(folder: string): Promise<string[] | undefined> {
  try {
    return await readdir(folder)
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined
    throw new NormscopeError({
      code: 'not-a-folder',
      message: `${folder} cannot be used as a folder: ${(thrown as Error).message}.`,
      path: folder
    })
  }
}

async function firstThatExists(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined)
  return found === undefined && dirname(folder) !== folder
    ? firstThatExists(dirname(folder))
    : folder
}

async function checkWritable(folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK | constants.X_OK)
  } catch (thrown) {
    throw new NormscopeError({
      code: 'cannot-write',
      message: `${folder} cannot be written to: ${(thrown as Error).message}. Name another folder with --out.`,
      path: folder
    })
  }
}

/**
 * All files or none: they are written beside the folder and then put in its place. What others put
 * there meanwhile is never touched: the results then stay beside it, and the error says where.
 */
export async function writeWhole(
  given: string,
  files: readonly ResultFile[],
  signal: AbortSignal
): Promise<void> {
  const folder = await realpath(given).catch(() => given)
  const parent = dirname(folder)
  const partial = await onFile(folder, async () => {
    await mkdir(parent, { recursive: true })
    return mkdtemp(join(parent, `.${basename(folder)}-`))
  })
  try {
    for (const { name, bytes } of files) {
      signal.throwIfAborted()
      await writeFile(join(partial, name), bytes)
    }
  } catch (thrown) {
    await discard(partial, files)
    throw fileError(thrown, folder)
  }
  try {
    await putInPlace(partial, folder, files)
  } catch (thrown) {
    const kept = join(parent, basename(partial).slice(1))
    await rename(partial, kept)
    throw new NormscopeError({
      code: 'folder-taken',
      message: `${folder} was empty at the start, but the results cannot be moved there now (${(thrown as Error).message}). Nothing in it was changed; the results are in ${kept}.`,
      path: kept
    })
  }
}

/** A folder that is not there gets the whole one; one that is there is filled, never replaced. */
async function putInPlace(
  partial: string,
  folder: string,
  files: readonly ResultFile[]
): Promise<void> {
  const there = await filesIn(folder)
  if (there === undefined) return rename(partial, folder)
  if (there.length > 0) throw new Error(`it has ${there.length} files`)
  const placed: string[] = []
  try {
    for (const { name } of files) {
      await copyOnce(join(partial, name), join(folder, name))
      placed.push(name)
    }
  } catch (thrown) {
    for (const name of placed) await unlink(join(folder, name))
    throw thrown
  }
  await discard(partial, files)
}

/** Gives a file a second name; fails where that name is taken. */
async function copyOnce(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') throw thrown
    // some file systems have no hard links
    await copyFile(from, to, constants.COPYFILE_EXCL)
  }
}

/** Removes our own files and then the folder, which stays where it holds anything else. */
async function discard(folder: string, files: readonly ResultFile[]): Promise<void> {
  for (const { name } of files) await unlink(join(folder, name)).catch(() => undefined)
  await rmdir(folder).catch(() => undefined)
}
