// How much of the processor works.
import { cpus } from 'node:os'

const LOOK_MS = 500

/** Cores that work during half a second, whose ever it is. */
export async function busyCores() {
  const times = () =>
    cpus().map(({ times: { idle, ...work } }) => [
      idle,
      Object.values(work).reduce((sum, one) => sum + one, 0)
    ])
  const before = times()
  await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  return times().reduce((sum, [idle, work], core) => {
    const [rested, worked] = [idle - before[core][0], work - before[core][1]]
    return sum + worked / Math.max(1, worked + rested)
  }, 0)
}

const LITTLE = 0.2
const MOST_LOOKS = 40

/** Resolves once next to nothing works; throws where something else does for 20 s. */
export async function atRest() {
  let busy
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    busy = await busyCores()
    if (busy < LITTLE) return
  }
  throw new Error(
    `something else works: ${busy.toFixed(1)} cores are busy. Measure when it has ended.`
  )
}
