/* AssemblyScript. The works that threads do together. */
import { addInverses } from './inverses'
import { awaitOthers, come, didPart, isOver, offer, rest, take, workOf } from './team'
import { mirrorPart } from './products'
import { turnRows, turnWhole, timesReflectors } from './undo'
import { update } from './update'

export const UPDATE = 0
export const MIRROR = 1
export const TIMES_REFLECTORS = 2
export const TURN_ROWS = 3
export const TURN_WHOLE = 4
/** As in main/statistics/wasm-inverse-root.ts. */
const INVERSES = 5

function doPart(team: usize, work: i32, part: i32): void {
  if (work == UPDATE) update(team, part)
  else if (work == MIRROR) mirrorPart(team, part)
  else if (work == TIMES_REFLECTORS) timesReflectors(team, part)
  else if (work == TURN_ROWS) turnRows(team, part)
  else if (work == TURN_WHOLE) turnWhole(team, part)
  else if (work == INVERSES) addInverses(team, part)
  else unreachable()
}

/** Does the parts of a work, with whoever comes. */
export function together(team: usize, work: i32, parts: i32): void {
  offer(team, work, parts)
  let own = 0
  for (let part = take(team, 0); part >= 0; part = take(team, 0)) {
    doPart(team, work, part)
    own++
  }
  awaitOthers(team, own)
}

/** Does parts, so many at most, until all is over. */
export function assist(team: usize, most: i32): void {
  const first = come(team)
  for (let looks = 0, did = 0; did < most && !isOver(team); looks++) {
    const part = take(team, first)
    if (part < 0) rest(team, looks)
    else {
      doPart(team, workOf(team), part)
      didPart(team)
      did++
      looks = 0
    }
  }
}
