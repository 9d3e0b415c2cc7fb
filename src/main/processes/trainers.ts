import type { Dataset } from '../../core/dataset/dataset'
import type { RunConfig } from '../../core/network/config'
import type { SpawnTrainer } from './channel'

/** A run and the images it trains on. */
export interface RunOn {
  readonly config: RunConfig
  readonly dataset: Dataset
}

/** Who trains, and how many runs at once. */
export interface Trainers {
  readonly spawnTrainer: SpawnTrainer
  /** trainers that run at once */
  readonly trainers: number
  /** runs under way do not stay with these when others train from then on */
  readonly moves?: boolean
  /** why a run has to wait, though a trainer is free; asked before it is taken */
  readonly waits?: (run: RunOn, atWork: readonly RunOn[]) => string | undefined
}
