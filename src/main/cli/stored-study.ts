import { resolve } from 'node:path'
import { version } from '../../../package.json'
import type { ExperimentKind } from '../../core/experiment/kind'
import { grouped } from '../../core/numbers'
import { choiceRecord } from '../../core/preprocessing/choices'
import { createStudy } from '../../core/study/study'
import type { Study } from '../../core/study/study'
import { OpenSet } from '../engine/dataset/open-set'
import { readStudy, sha256Of } from '../engine/study/file'
import { pixelResults } from '../engine/study/pixels'
import type { Context } from './command'
import { checkFree } from './results-folder'
import { studyImages } from './study-images'
import {
  askedKinds,
  asksOf,
  completeExperiments,
  deskOf,
  newExperiments,
  SEEDS,
  seedsOf
} from './study-experiments'
import {
  experimentsData,
  sayExperiments,
  sayRuns,
  withSentences,
  writeResults
} from './study-results'
import { trainerSetting } from './training'
import type { TrainerSetting } from './training'
import { text, UsageError } from './usage'

/** What can be said beside a study file; all else stands in it. */
const OPTIONS: readonly string[] = [
  ...['out', 'experiments', 'seeds', 'backend', 'threads'],
  ...['json', '--']
]

/**
 * Tells what is in a study file. Where a folder is named, what its experiments lack is trained, and
 * figures, results and report are written there.
 */
export async function showStudy(
  context: Context,
  path: string,
  options: Readonly<Record<string, unknown>>
): Promise<number> {
  const other = Object.keys(options).find((key) => !OPTIONS.includes(key))
  if (other !== undefined) {
    throw new UsageError(
      `A study file holds its settings: beside it stand only --out, --experiments, --seeds, --backend, --threads and --json, not --${flagOf(other)}.`
    )
  }
  const given = text(options, 'out', '--out')
  const kinds = askedKinds(options)
  const setting = trainerSetting(options)
  const out = given === undefined ? undefined : resolve(given)
  if (out === undefined && kinds !== undefined) {
    throw new UsageError('--experiments needs --out: name a new or empty folder for the results.')
  }
  if (out !== undefined) await checkFree(out)
  const read = await readStudy(path)
  const { output } = context
  const images = out === undefined ? undefined : await imagesOf(context, read)
  const { study, failed } =
    out === undefined || kinds?.length === 0
      ? { study: read, failed: 0 }
      : await completed(context, read, images, kinds ?? [], options, setting)
  const pixels =
    images && study.choices.length > 0 ? await pixelResults(images, study.choices) : undefined
  const written = out === undefined ? undefined : await writeResults(context, out, study, pixels)
  const { normscope, dataset, choices, configs, runs, reproducible } = study
  output.give({
    ...{ normscope, dataset, choices, configs, runs: withSentences(runs) },
    experiments: experimentsData(study),
    reproducible,
    ...(written && { out, files: written.map(({ name }) => name) })
  })
  say(context, study)
  if (written) output.say(`${written.length} files in ${out}`)
  return failed > 0 ? 1 : 0
}

const flagOf = (key: string): string =>
  key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** undefined, with a note, where the images are not on this computer. */
async function imagesOf(context: Context, study: Study): Promise<OpenSet | undefined> {
  const { dataset, problem } = await studyImages(context, study.dataset)
  if (problem) {
    context.output.log(
      `note: The figures of the pixels are left out, and nothing is trained. ${problem.message}`
    )
  }
  return dataset && new OpenSet(dataset)
}

/** The study with what its experiments lack, and with those that are asked for now. */
async function completed(
  context: Context,
  study: Study,
  images: OpenSet | undefined,
  kinds: readonly ExperimentKind[],
  options: Readonly<Record<string, unknown>>,
  setting: TrainerSetting
): Promise<{ readonly study: Study; readonly failed: number }> {
  if (!images) return { study, failed: 0 }
  const desk = deskOf(study.configs, seedsOf(options, SEEDS))
  if (!desk && kinds.length > 0) {
    throw new UsageError('This study has no settings to ask with: it holds no configuration.')
  }
  const asked = desk ? await newExperiments(images, asksOf(kinds, desk)) : []
  const given = [...(study.experiments ?? []), ...asked]
  const { experiments, runs, failed } = await completeExperiments(
    context,
    images,
    given,
    study.runs,
    setting
  )
  if (experiments === given && asked.length === 0) return { study, failed: 0 }
  const { dataset, choices, configs } = study
  const parts = { normscope: version, dataset, choices, configs }
  return {
    study: createStudy({ ...parts, runs, experiments }, sha256Of),
    failed: failed.length
  }
}

function say({ output }: Context, study: Study): void {
  const { dataset, choices, runs, normscope, reproducible } = study
  const { name, trainCount, testCount, height, width, channels, dtype, sources } = dataset
  const test = testCount === undefined ? 'no test images' : `${grouped(testCount)} test`
  output.say(
    `${name}: ${grouped(trainCount)} train, ${test}, ${height} x ${width} x ${channels}, ${dtype}`
  )
  for (const { path, bytes, sha256 } of sources) {
    output.say(`  ${path}, ${grouped(bytes)} bytes, SHA-256 ${sha256}`)
  }
  output.say(`Choices: ${choices.map(({ id }) => choiceRecord(id).name).join(', ') || 'none'}`)
  output.say(`Written by Normscope ${normscope}; results ${reproducible}`)
  output.say('')
  if (runs.length === 0) return output.say('It holds no runs.')
  sayRuns(output, runs)
  output.say('')
  for (const { sentence } of withSentences(runs)) output.say(sentence)
  sayExperiments(output, study)
}
