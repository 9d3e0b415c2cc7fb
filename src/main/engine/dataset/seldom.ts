import type { OpenHooks } from '../../data/hooks'

/** Windows draw what they are told with the cores that the opening needs. */
const PROGRESS_MS = 100

/** Tells of each stage at once, and then so often at most. */
export function seldom(tell: OpenHooks['onProgress']): OpenHooks['onProgress'] {
  let last = ''
  let at = 0
  return (stage, fraction) => {
    const now = performance.now()
    if (stage === last && now - at < PROGRESS_MS) return
    last = stage
    at = now
    tell(stage, fraction)
  }
}
