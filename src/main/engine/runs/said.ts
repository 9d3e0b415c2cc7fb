import type { EngineNotice } from '../../../contract/engine'
import type { FromTrainer } from '../../trainer/protocol'

/** Of runs that an app which did not end in order left. */
export interface LeftRuns {
  /** which do not go on by themselves */
  readonly held: number
  /** whose jobs are taken up */
  readonly atCluster: number
}

/** What is said on screen of runs that had not ended when Normscope did. */
export function leftRuns({ held, atCluster }: LeftRuns): EngineNotice[] {
  const runs = atCluster === 1 ? 'A run that is' : `${atCluster} runs that are`
  const at = `${runs} at the cluster went on while Normscope was closed, and ${atCluster === 1 ? 'is' : 'are'} taken up again.`
  return [
    ...(held > 0 ? [{ level: 'warning', message: heldRuns(held) } as const] : []),
    ...(atCluster > 0 ? [{ level: 'info', message: at } as const] : [])
  ]
}

function heldRuns(count: number): string {
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
