// `promises` is loaded when it is first used: threads that only count never do
import { promises, readSync } from 'node:fs'
import type { Stats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { NormscopeError } from '../../core/error'
import { baseName } from '../../core/format/source'
import type { ByteSource } from '../../core/format/source'

interface Failure {
  readonly code: string
  readonly says: (name: string) => string
}

/** The system's codes that a person can do something about. */
const FAILURES: Readonly<Record<string, Failure>> = {
  ENOENT: {
    code: 'missing-file',
    says: (name) => `${name} does not exist. Check the path.`
  },
  ENOTDIR: {
    code: 'missing-file',
    says: (name) => `${name} does not exist: a part of its path is a file. Check the path.`
  },
  EACCES: {
    code: 'unreadable',
    says: (name) => `${name} may not be read by this user. Change its permissions.`
  },
  EPERM: {
    code: 'unreadable',
    says: (name) => `${name} may not be read by this user. Change its permissions.`
  },
  // Windows, of a file that another program holds
  EBUSY: {
    code: 'file-in-use',
    says: (name) => `${name} is in use by another program. Close it there, and try again.`
  },
  EISDIR: { code: 'not-a-file', says: (name) => `${name} is a folder; a file is expected here.` },
  ELOOP: { code: 'missing-file', says: (name) => `${name} is a link that leads in a circle.` },
  ENAMETOOLONG: {
    code: 'missing-file',
    says: () => 'The path is too long for this system. Move or rename the file.'
  },
  ENOSPC: {
    code: 'disk-full',
    says: (name) => `There is no room left on the disk for ${name}. Free some space.`
  },
  EDQUOT: {
    code: 'disk-full',
    says: (name) => `The disk quota leaves no room for ${name}. Free some space.`
  },
  EROFS: { code: 'unwritable', says: (name) => `${name} is on a disk that cannot be written to.` },
  EMFILE: { code: 'too-many-files', says: () => 'Too many files are open; try again.' }
}

/** An error of the file system as facts; anything else is passed through. */
export function fileError(thrown: unknown, path: string): unknown {
  if (thrown instanceof NormscopeError || !(thrown instanceof Error)) return thrown
  const code = (thrown as NodeJS.ErrnoException).code
  if (code === 'ERR_INVALID_ARG_VALUE') {
    return new NormscopeError({
      code: 'missing-file',
      message: 'This path has a NUL character in it, as no name of a file has. Check the path.',
      path,
      expected: 'a path without NUL'
    })
  }
  if (code === undefined || !/^E[A-Z]+$/.test(code)) return thrown
  const failure = FAILURES[code]
  return new NormscopeError({
    code: failure?.code ?? 'file-error',
    message: failure?.says(baseName(path) || path) ?? `${baseName(path)}: ${thrown.message}`,
    path,
    actual: code
  })
}

/** Runs work on a file; errors of the system become facts. */
export async function onFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    throw fileError(thrown, path)
  }
}

/** `length` bytes at an offset, fewer only where the file ends; aligned, in memory of their own or in `room`. */
export async function readAt(
  handle: FileHandle,
  offset: number,
  length: number,
  room?: Uint8Array
): Promise<Uint8Array> {
  const bytes = room?.subarray(0, length) ?? new Uint8Array(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done)
    if (bytesRead === 0) return bytes.subarray(0, done)
    done += bytesRead
  }
  return bytes
}

/** As `readAt`, by whoever has nothing else to do meanwhile: fills `room`, and gives how much was there. */
export function readAtSync(file: number, offset: number, room: Uint8Array): number {
  let done = 0
  while (done < room.length) {
    const read = readSync(file, room, done, room.length - done, offset + done)
    if (read === 0) break
    done += read
  }
  return done
}

/** A file as the readers see it. Opened at the first read, closed by `close`. */
interface FileSource extends ByteSource {
  close(): Promise<void>
}

/** Throws NormscopeError 'missing-file', 'unreadable' or 'not-a-file'. */
export async function fileSource(path: string): Promise<FileSource> {
  return onFile(path, async () => {
    const facts = await promises.stat(path)
    if (!facts.isFile()) throw notAFile(path, facts.isDirectory())
    const handle = await promises.open(path, 'r')
    return {
      name: path,
      size: facts.size,
      // What the system makes up as it is read has no size, and may never end.
      read: (offset, length, room) =>
        onFile(path, () =>
          readAt(handle, offset, Math.max(0, Math.min(length, facts.size - offset)), room)
        ),
      close: () => handle.close()
    }
  })
}

/** Reading a device or a pipe could wait for ever. */
export function notAFile(path: string, isFolder: boolean): NormscopeError {
  return new NormscopeError({
    code: 'not-a-file',
    message: `${baseName(path)} is ${isFolder ? 'a folder' : 'a device or a pipe'}; a file is expected here.`,
    path
  })
}

/** What tells cheaply that a file is still the same. */
export function stateOf(facts: Pick<Stats, 'size' | 'mtimeMs' | 'ino'>): string {
  return `${facts.size} ${facts.mtimeMs} ${facts.ino}`
}
