// One holder at a time among processes of one machine. The lock saves doing work twice; what keeps
// the cache sound is that everything in it is verified and then moved into place in one step.
import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** When a process started, in clock ticks since boot; undefined where there is no /proc. */
function startOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

/** Whether the process that wrote `{pid, start}` still lives (its number may be in use again). */
export function isAlive({ pid, start }) {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (error.code !== 'EPERM') return false
  }
  const now = startOf(pid)
  return start === undefined || now === undefined || now === start
}

function holderOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** Creates the lock with its content in one step, so that no reader sees it empty. */
function take(file) {
  const mine = `${file}.${process.pid}-${randomBytes(3).toString('hex')}`
  writeFileSync(mine, JSON.stringify({ pid: process.pid, start: startOf(process.pid) }))
  try {
    linkSync(mine, file)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(mine, { force: true })
  }
}

/** Takes a dead holder's lock away, and gives it back if it was another's after all. */
function breakStale(file, dead) {
  const aside = `${file}.${process.pid}-${randomBytes(3).toString('hex')}`
  try {
    renameSync(file, aside)
  } catch {
    return
  }
  const found = holderOf(aside)
  if (found && (found.pid !== dead.pid || found.start !== dead.start)) {
    try {
      linkSync(aside, file)
    } catch {
      // somebody took the lock meanwhile: theirs stands
    }
  }
  rmSync(aside, { force: true })
}

/**
 * Runs `work` while holding the lock `file`; waits for a living holder, takes over from a dead one.
 * @param onWait called once with the holder's process number when there is something to wait for
 */
export async function withLock(file, work, { onWait = () => {}, pollMilliseconds = 200 } = {}) {
  mkdirSync(dirname(file), { recursive: true })
  let told = false
  while (!take(file)) {
    const holder = holderOf(file)
    if (holder && !isAlive(holder)) {
      breakStale(file, holder)
      continue
    }
    if (holder && !told) {
      told = true
      onWait(holder.pid)
    }
    await wait(pollMilliseconds)
  }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}
