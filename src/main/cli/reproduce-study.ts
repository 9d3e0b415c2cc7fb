import { NormscopeError } from '../../core/error'
import { outcomeOf } from '../../core/experiment/kinds'
import { groupRuns } from '../../core/study/groups'
import type { BackendId, RunRecord } from '../../core/study/run'
import type { Study } from '../../core/study/study'
import { OpenSet } from '../engine/dataset/open-set'
import { readStudy } from '../engine/study/file'
import type { Context, Command } from './command'
import type { Output } from './output'
import { studyImages } from './study-images'
import { tableLines } from './table'
import { showProgress, trainerSetting, withTrainers } from './training'
import type { TrainerSetting } from './training'

/** What a repetition of a run showed. */
interface Repetition {
  readonly run: RunRecord
  readonly label: string
  /** absent: the run left no weights that could be compared */
  readonly again?: RunRecord
}

const BACKENDS: Readonly<Record<BackendId, TrainerSetting['backend']>> = {
  tensorflow: 'native',
  wasm: 'wasm',
  cpu: 'cpu'
}

/** A study's runs, trained again: do the same weights come out? */
export const reproduceStudy: Command = {
  usage: 'reproduce-study <path>',
  description:
    'Train every run of a study file or report again, and compare the hashes of the weights; the exit code is 1 where one differs',
  options: [
    ['--backend <id>', 'native, wasm or cpu (what trained each run)'],
    ['--threads <count>', 'TensorFlow threads in each training process (1)']
  ],
  example: 'normscope reproduce-study my-study/report.html',
  async run(context, [path = ''], options) {
    const setting = trainerSetting(options)
    const study = await readStudy(path)
    const labels = new Map(
      groupRuns(study.runs).flatMap(({ label, all }) => all.map(({ id }) => [id, label]))
    )
    const comparable = study.runs.filter(({ weightsSha256 }) => weightsSha256 !== undefined)
    if (comparable.length === 0) {
      throw new NormscopeError({
        code: 'nothing-to-reproduce',
        message: `${path} holds no run that ended with weights: there is nothing to compare.`,
        path
      })
    }
    const { dataset, problem } = await studyImages(context, study.dataset)
    if (!dataset) throw new NormscopeError(problem ?? { code: 'internal', message: 'No images.' })
    const again = await trainAgain(context, new OpenSet(dataset), comparable, setting)
    const repetitions = study.runs.map((run): Repetition => ({
      run,
      label: labels.get(run.id) ?? run.config.choice.id,
      again: again.get(run.id)
    }))
    return tell(context, study, repetitions)
  }
}

/** By the id of the run that it repeats; each by the backend that trained it first. */
async function trainAgain(
  context: Context,
  set: OpenSet,
  runs: readonly RunRecord[],
  setting: TrainerSetting
): Promise<ReadonlyMap<string, RunRecord>> {
  const again = new Map<string, RunRecord>()
  const backendOf = ({ backend }: RunRecord) => setting.backend ?? (backend && BACKENDS[backend])
  for (const backend of new Set(runs.map(backendOf))) {
    const own = runs.filter((run) => backendOf(run) === backend)
    const configs = own.map(({ config }) => config)
    const records = await withTrainers(
      context,
      set,
      { ...setting, backend },
      own.length,
      (train) => {
        const latest = new Map<string, RunRecord>()
        return train(configs, (record) => {
          latest.set(record.id, record)
          showProgress(context, [...latest.values()], own.length)
        })
      }
    )
    own.forEach(({ id }, i) => again.set(id, records[i]!))
  }
  context.output.progress.clear()
  return again
}

function verdictOf({ run, again }: Repetition): string {
  if (!again) return `not compared: ${run.status}`
  if (again.status === 'failed') return `failed: ${again.error?.message ?? 'no reason was given'}`
  return agrees({ run, again }) ? 'the same weights' : 'other weights'
}

const agrees = ({ run, again }: Pick<Repetition, 'run' | 'again'>): boolean | undefined =>
  again && again.weightsSha256 === run.weightsSha256

/** What an experiment says again. */
interface Asked {
  readonly name: string
  readonly kind: string
  readonly compared: number
  readonly agreeing: number
  /** absent where nothing could be compared */
  readonly sameSentence?: boolean
}

/** Each experiment of the study by its runs as they were, and as they are now. */
function askedAgain(study: Study, repetitions: readonly Repetition[]): Asked[] {
  return (study.experiments ?? []).map((experiment) => {
    const own = repetitions.filter(({ run }) => experiment.runIds.includes(run.id))
    const compared = own.filter(({ again }) => again)
    const before = outcomeOf(experiment, study.runs)?.sentence
    const runs = own.map(({ run, again }) => (again ? { ...again, id: run.id } : run))
    const now = outcomeOf(experiment, runs)?.sentence
    const { name, kind } = experiment
    return {
      ...{ name, kind, compared: compared.length, agreeing: compared.filter(agrees).length },
      ...(before !== undefined && compared.length > 0 && { sameSentence: before === now })
    }
  })
}

/** 1 where a run that was compared did not end with the same weights. */
function tell({ output }: Context, study: Study, repetitions: readonly Repetition[]): number {
  const { dataset } = study
  const experiments = askedAgain(study, repetitions)
  const compared = repetitions.filter(({ again }) => again)
  const same = compared.filter(agrees)
  output.give({
    dataset: { name: dataset.name, id: dataset.id },
    runs: repetitions.map(({ run, label, again }) => ({
      ...{ id: run.id, label, seed: run.config.seed, status: run.status },
      recorded: run.weightsSha256,
      trained: again?.weightsSha256,
      agrees: agrees({ run, again }),
      backend: again?.backend ?? run.backend,
      tensorflowVersion: again?.tensorflowVersion,
      error: again?.error
    })),
    ...(experiments.length > 0 && { experiments }),
    compared: compared.length,
    agreeing: same.length
  })
  const columns = [{ title: 'run' }, { title: 'seed', right: true }, { title: 'trained again' }]
  const rows = repetitions.map((each) => [
    each.label,
    String(each.run.config.seed),
    verdictOf(each)
  ])
  for (const line of tableLines(columns, rows)) output.say(line)
  output.say('')
  sayExperiments(output, experiments)
  output.say(`${same.length} of ${compared.length} runs ended with the same weights.`)
  for (const note of differences(compared)) output.log(`note: ${note}`)
  return same.length === compared.length ? 0 : 1
}

function sayExperiments(output: Output, experiments: readonly Asked[]): void {
  if (experiments.length === 0) return
  const columns = [
    { title: 'experiment' },
    ...['runs', 'same weights'].map((title) => ({ title, right: true })),
    { title: 'sentence' }
  ]
  const rows = experiments.map(({ name, compared, agreeing, sameSentence }) => [
    name,
    String(compared),
    String(agreeing),
    sameSentence === undefined ? '–' : sameSentence ? 'the same' : 'another'
  ])
  for (const line of tableLines(columns, rows)) output.say(line)
  output.say('')
}

/** Versions that differ from those of the study, each once. */
function differences(compared: readonly Repetition[]): readonly string[] {
  const said = compared.flatMap(({ run, again }) =>
    again && run.tensorflowVersion !== again.tensorflowVersion
      ? [
          `The study was trained by TensorFlow ${run.tensorflowVersion ?? 'of no named version'}, here it is ${again.tensorflowVersion ?? 'not used'}.`
        ]
      : []
  )
  return [...new Set(said)]
}
