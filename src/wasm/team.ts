/*
 * AssemblyScript. Threads that do the parts of a work together, in one memory: one leads, and whoever else
 * comes takes parts that nobody has yet. Nobody is waited for but those at a part. What a part does, and
 * with it every bit of the result, does not depend on who does it.
 *
 * In memory, on lines of the cache of their own:
 *   0 parts that nobody has yet, one bit each, below the number of the work; below 0 when all is over
 *  64 parts that others than the leader have done, i32
 * 128 how many came, i32
 * 192 not 0 when somebody did not end a part, i32
 * 256 the work, how many parts it has and what it is of, i32 each
 */

/** Of one work at most. */
export const PARTS = 16
const MASK: i64 = 0xffff
const DONE: usize = 64
const CAME: usize = 128
const LOST: usize = 192
const WORK: usize = 256
const ASKED: usize = 264

/** Looks for work, some 100 µs, before a nap: the next work mostly comes sooner. */
const LOOKS = 40_000
/** in ns; nobody is woken */
const NAP: i64 = 50_000

export function workOf(team: usize): i32 {
  return load<i32>(team + WORK)
}

/** A number that the work is of. */
export function asked(team: usize, at: i32): i32 {
  return load<i32>(team + ASKED + ((<usize>at) << 2))
}

export function ask(team: usize, at: i32, value: usize): void {
  store<i32>(team + ASKED + ((<usize>at) << 2), <i32>value)
}

/** Offers the parts of a work. */
export function offer(team: usize, work: i32, parts: i32): void {
  store<i32>(team + WORK, work)
  store<i32>(team + WORK + 4, parts)
  atomic.store<i32>(team + DONE, 0)
  const before = atomic.load<i64>(team)
  atomic.store<i64>(team, (((before >> PARTS) + 1) << PARTS) | ((1 << (<i64>parts)) - 1))
}

/** Takes a part that nobody has yet, if it can be one of the `first` sixteenth and later; -1 where there is none. */
export function take(team: usize, first: i32): i32 {
  let offered = atomic.load<i64>(team)
  for (let free = <i32>(offered & MASK); free != 0; free = <i32>(offered & MASK)) {
    const later = free & (-1 << ((first * load<i32>(team + WORK + 4)) >> 4))
    const part = ctz(later == 0 ? free : later)
    const left = offered & ~((<i64>1) << part)
    const found = atomic.cmpxchg<i64>(team, offered, left)
    if (found == offered) return part
    offered = found
  }
  return -1
}

/** Waits for those who have parts still, where the leader did `own` of them. */
export function awaitOthers(team: usize, own: i32): void {
  const others = load<i32>(team + WORK + 4) - own
  for (let look = 0; ; look++) {
    const done = atomic.load<i32>(team + DONE)
    if (done == others) return
    if (look < LOOKS) continue
    if (atomic.load<i32>(team + LOST) != 0) unreachable()
    atomic.wait<i32>(team + DONE, done, NAP)
  }
}

/** Where somebody new looks first: far from whoever came before. */
export function come(team: usize): i32 {
  const n = atomic.add<i32>(team + CAME, 1) + 1
  return ((n & 1) << 3) | ((n & 2) << 1) | ((n & 4) >> 1) | ((n & 8) >> 3)
}

export function isOver(team: usize): bool {
  return atomic.load<i64>(team) < 0
}

export function didPart(team: usize): void {
  atomic.add<i32>(team + DONE, 1)
}

/** There is nothing to take at present. */
export function rest(team: usize, looks: i32): void {
  if (looks < LOOKS) return
  const offered = atomic.load<i64>(team)
  if (offered >= 0 && (offered & MASK) == 0) atomic.wait<i64>(team, offered, NAP)
}
