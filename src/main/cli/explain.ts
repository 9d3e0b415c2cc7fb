import { SWITCHES } from '../../core/experiment/kinds/switches/switches'
import { configKey } from '../../core/experiment/kind'
import { firstSeeds } from '../../core/experiment/seeds'
import type { RunConfig } from '../../core/network/config'
import { SETTINGS } from '../../core/network/settings'
import { NormscopeError } from '../../core/error'
import { keyOf } from './arguments'
import type { Command } from './command'
import {
  choiceSpecs,
  configuration,
  CUSTOM_OPTIONS,
  networkOptions,
  otherKeyOf,
  settingOption
} from './configuration'
import { CLASS_NAMES_OPTION, OPEN_OPTIONS, TEST_OPTION, openFor, PATHS } from './dataset'
import { runExperiment, sayOutcome } from './experiment'
import { TRAINER_OPTIONS, trainerSetting } from './training'
import { number, UsageError } from './usage'

type Options = Readonly<Record<string, unknown>>
const SIDES = ['from', 'to'] as const
type Side = (typeof SIDES)[number]

/** What both settings share: a gap is one task's, and each combination has its seeds. */
const SHARED: ReadonlySet<string> = new Set(['--seed', '--classes', '--limit'])

/** What each of the two settings can have for itself: '--loss <id>' */
const OWN = networkOptions()
  .map(([flag]) => flag.split(' ') as [name: string, value: string])
  .filter(([name]) => !SHARED.has(name))

/** '--loss <id>' -> '--loss-from <id>', '--loss-to <id>' */
const SIDE_OPTIONS: readonly (readonly [string, string])[] = OWN.flatMap(([name, value]) =>
  SIDES.map((side) => [`${name}-${side} ${value}`, `${name} of the ${side} setting`] as const)
)

const DEFAULT_SEEDS = 3

/** Of the gap between two settings, what comes from which difference. */
export const explain: Command = {
  usage: `explain ${PATHS}`,
  description: 'Divide the gap between two settings among the things in which they differ',
  options: [
    TEST_OPTION,
    ...OPEN_OPTIONS,
    CLASS_NAMES_OPTION,
    ['--from <id>', 'Preprocessing of the first setting; required'],
    ['--to <id>', 'Preprocessing of the second setting; required'],
    ...SIDE_OPTIONS,
    settingOption('seeds', { ...SETTINGS.seeds, help: 'seeds, from --seed on' }, DEFAULT_SEEDS),
    ...CUSTOM_OPTIONS,
    ...networkOptions(),
    ...TRAINER_OPTIONS
  ],
  example:
    'normscope explain fashion-mnist --from raw --to unit --loss-from clipped --loss-to exact --epochs 2',
  async run(context, paths, options) {
    const [from, to] = [settingOf(options, 'from'), settingOf(options, 'to')]
    if (configKey(from) === configKey(to)) throw sameSettings()
    const count = number(options, 'seeds', '--seeds', SETTINGS.seeds.limits) ?? DEFAULT_SEEDS
    const seeds = firstSeeds(count).map((seed) => from.seed + seed)
    const setting = trainerSetting(options)
    const dataset = await openFor(context, paths, options)
    const ask = { from, to, seeds }
    const { outcome } = await runExperiment(context, dataset, SWITCHES, ask, setting)
    const data = outcome.data as { readonly switches: readonly string[] }
    if (data.switches.length === 0) throw sameSettings()
    context.output.give({ dataset: { name: dataset.name, id: dataset.id }, ...data })
    sayOutcome(context.output, outcome)
  }
}

function sameSettings(): NormscopeError {
  return new NormscopeError({
    code: 'same-settings',
    message:
      'Both settings are the same training on these images, so there is no gap. Let them differ, for example in --from and --to, or in --loss-from and --loss-to.'
  })
}

/** The flags as one of the two settings has them: its own before those for both. */
function settingOf(options: Options, side: Side): RunConfig {
  const own = OWN.flatMap(([flag]) =>
    options[keyOf(`${flag}-${side}`)] === undefined ? [] : [flag]
  )
  const merged: Record<string, unknown> = { ...options }
  for (const flag of own) delete merged[otherKeyOf(keyOf(flag)) ?? '']
  for (const flag of own) merged[keyOf(flag)] = options[keyOf(`${flag}-${side}`)]
  const [choice, ...more] = choiceSpecs(options, side, `--${side}`) ?? []
  if (!choice || more.length > 0) {
    throw new UsageError(`--${side} expects one preprocessing choice, for example --${side} unit.`)
  }
  try {
    return configuration(merged, choice)
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown
    const said = thrown.message.replace(/--[\w-]+/g, (flag) =>
      own.includes(flag) ? `${flag}-${side}` : flag
    )
    throw new UsageError(said, thrown.facts.hint)
  }
}
