import { resolve } from 'node:path'
import { grouped } from '../../core/numbers'
import { choiceRecord } from '../../core/preprocessing/choices'
import type { Study } from '../../core/study/study'
import { OpenSet } from '../engine/dataset/open-set'
import { readStudy } from '../study/file'
import { pixelResults } from '../study/pixels'
import type { PixelResults } from '../study/pixels'
import type { Context } from './command'
import { checkFree } from './results-folder'
import { studyImages } from './study-images'
import { sayRuns, withSentences, writeResults } from './study-results'
import { text, UsageError } from './usage'

/** What can be said beside a study file; everything else would be trained anew. */
const OPTIONS: readonly string[] = ['out', 'json', '--']

/** Tells what is in a study file, and writes its figures and results again where a folder is named. */
export async function showStudy(
  context: Context,
  path: string,
  options: Readonly<Record<string, unknown>>
): Promise<void> {
  const other = Object.keys(options).find((key) => !OPTIONS.includes(key))
  if (other !== undefined) {
    throw new UsageError(
      `A study file is shown, not trained: it takes only --out and --json, not --${flagOf(other)}.`
    )
  }
  const given = text(options, 'out', '--out')
  const out = given === undefined ? undefined : resolve(given)
  if (out !== undefined) await checkFree(out)
  const study = await readStudy(path)
  const { output } = context
  const written =
    out === undefined
      ? undefined
      : await writeResults(context, out, study, await pixelsOf(context, study))
  const { normscope, dataset, choices, configs, runs, reproducible } = study
  output.give({
    ...{ normscope, dataset, choices, configs, runs: withSentences(runs), reproducible },
    ...(written && { out, files: written.map(({ name }) => name) })
  })
  say(context, study)
  if (written) output.say(`${written.length} files in ${out}`)
}

const flagOf = (key: string): string =>
  key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** undefined, with a note, where the images are not on this computer. */
async function pixelsOf(context: Context, study: Study): Promise<PixelResults | undefined> {
  const { dataset, problem } = await studyImages(context, study.dataset)
  if (problem)
    context.output.log(`note: The figures of the pixels are left out. ${problem.message}`)
  return dataset && study.choices.length > 0
    ? pixelResults(new OpenSet(dataset), study.choices)
    : undefined
}

function say(
  { output }: Context,
  { dataset, choices, runs, normscope, reproducible }: Study
): void {
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
}
