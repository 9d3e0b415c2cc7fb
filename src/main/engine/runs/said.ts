import type { EngineNotice } from '../../../contract/engine'
import type { FromTrainer } from '../../trainer/protocol'

/** Of runs that an app which did not end in order left. */
export function heldRuns(count: number): string {
  const [were, are] = count === 1 ? ['a run', 'It is'] : [`${count} runs`, 'They are']
  return `Normscope ended before ${were} did. ${are} paused; Resume all goes on from the end of the last epoch.`
}

/** What is said on screen of what a trainer told of keeping its run's state. */
export function said(event: FromTrainer): EngineNotice[] {
  if (event.type === 'not-kept') {
    const { error } = event
    const message = `The state of a run cannot be kept: ${error.message} It trains on; should it be interrupted, it starts from the state that was kept last.`
    return [{ level: 'warning', message, error }]
  }
  if (event.type !== 'started' || event.damaged === undefined) return []
  const message = `The kept state of a run cannot be used and was set aside: ${event.damaged}. The run starts again from its beginning.`
  const error = { code: 'damaged-checkpoint', message, path: event.damaged }
  return [{ level: 'warning', message, error }]
}
