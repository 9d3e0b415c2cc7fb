import type { Dataset } from '../../core/dataset/dataset'
import type { ExperimentKind } from '../../core/experiment/kind'
import { firstSeeds } from '../../core/experiment/seeds'
import { SETTINGS } from '../../core/network/settings'
import type { ChoiceSpec } from '../../core/preprocessing/preprocessing'
import type { Command, Context } from './command'
import { choiceSpecs, CUSTOM_OPTIONS, networkOptions, settingOption } from './configuration'
import { OPEN_OPTIONS, PATHS, TEST_OPTION, openFor } from './dataset'
import {
  giveOutcome,
  OUT_OPTION,
  outFolder,
  runExperiment,
  sayOutcome,
  writeOutcome
} from './experiment'
import type { ExperimentResult } from './experiment'
import { TRAINER_OPTIONS, trainerSetting } from './training'
import { number, UsageError } from './usage'

type Options = Readonly<Record<string, unknown>>

const SEEDS = 3

export const CHOICES_OPTIONS: Command['options'] = [
  ['--choice <ids>', 'Two or more choices, separated by commas, or all'],
  ...CUSTOM_OPTIONS
]

interface Spec<Ask> extends Pick<Command, 'description' | 'example' | 'options'> {
  readonly name: string
  readonly kind: ExperimentKind<string, Ask>
  /** options of the network that the kind sets by itself: '--loss' */
  readonly without?: readonly string[]
  ask(options: Options, seeds: readonly number[]): Ask
  /** what is said behind the outcome, and given beside it; options are checked before the runs */
  more?(
    options: Options
  ): (context: Context, dataset: Dataset, result: ExperimentResult) => Promise<object>
}

/** A command that asks a data set by one kind of experiment, over seeds from 0 on. */
export function experimentCommand<Ask>(spec: Spec<Ask>): Command {
  const without = new Set(['--seed', ...(spec.without ?? [])])
  return {
    usage: `${spec.name} ${PATHS}`,
    description: spec.description,
    options: [
      TEST_OPTION,
      ...OPEN_OPTIONS,
      OUT_OPTION,
      ...spec.options,
      settingOption('seeds', SETTINGS.seeds, SEEDS),
      ...networkOptions().filter(([flag]) => !without.has(flag.split(' ')[0]!)),
      ...TRAINER_OPTIONS
    ],
    example: spec.example,
    async run(context, paths, options) {
      const count = number(options, 'seeds', '--seeds', SETTINGS.seeds.limits) ?? SEEDS
      const ask = spec.ask(options, firstSeeds(count))
      const more = spec.more?.(options)
      const setting = trainerSetting(options)
      const out = await outFolder(options)
      const dataset = await openFor(context, paths, options)
      const result = await runExperiment(context, dataset, spec.kind, ask, setting)
      sayOutcome(context.output, result.outcome)
      const added = await more?.(context, dataset, result)
      await writeOutcome(context, out, dataset, ask, result)
      giveOutcome(context.output, dataset, ask, result, added)
    }
  }
}

/** The choices of an option that needs at least two of them. */
export function severalChoices(options: Options): readonly [ChoiceSpec, ...ChoiceSpec[]] {
  const [first, ...others] = choiceSpecs(options, 'choice', '--choice') ?? []
  if (first && others.length > 0) return [first, ...others]
  throw new UsageError('--choice needs two choices or more.', 'Separate them by commas.')
}
