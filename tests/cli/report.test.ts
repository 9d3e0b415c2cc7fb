import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createStudy, parseStudy, writeStudy } from '../../src/core/study/study'
import type { Study } from '../../src/core/study/study'
import { sha256Of } from '../../src/main/engine/study/file'
import { normscope, temporaryFolder, writeTwoClasses } from './program'

const folder = temporaryFolder()
const out = join(folder.path, 'study')
const report = join(out, 'report.html')
let study: Study

/** The study with other runs, as a file of its own. */
function changed(name: string, runs: Study['runs']): string {
  const path = join(folder.path, `${name}.normscope`)
  writeFileSync(path, writeStudy(createStudy({ ...study, runs }, sha256Of)))
  return path
}

beforeAll(async () => {
  const { images } = writeTwoClasses(folder.path)
  const words = ['study', images, '--out', out, '--choices', 'raw,unit', '--epochs', '1']
  const { code, stderr } = await normscope([...words, '--hidden', '8'])
  expect(stderr).not.toContain('error')
  expect(code).toBe(0)
  study = parseStudy(readFileSync(join(out, 'study.normscope'), 'utf8'), sha256Of)
})
afterAll(() => folder.remove())

describe('the report of a study', () => {
  test('is written beside the study file, with the same figures as SVG', () => {
    const page = readFileSync(report, 'utf8')
    expect(parseStudy(page, sha256Of)).toEqual(study)
    // of the runs: accuracy, loss, gradient norm, no gradient; of the pixels: two histograms, both over one another, moments
    expect(page.match(/<svg /g)).toHaveLength(8)
    for (const { weightsSha256 } of study.runs)
      expect(page).toMatch(new RegExp(`<td[^>]*>${weightsSha256}</td>`))
  })

  test('is told of as its study is', async () => {
    const [one, other] = await Promise.all(
      [report, join(out, 'study.normscope')].map((path) => normscope(['study', path, '--json']))
    )
    expect(one!.code).toBe(0)
    expect(one!.json()).toEqual(other!.json())
  })

  test('is refused, with what was found, where it is another page', async () => {
    const path = join(folder.path, 'page.html')
    writeFileSync(path, '<!doctype html><title>A page</title>')
    const { code, json } = await normscope(['study', path, '--json'])
    expect(code).toBe(1)
    expect(json()).toMatchObject({ error: { code: 'not-a-study', path } })
  })
})

describe('reproduce-study', () => {
  test('trains every run of a report again and finds the same weights', async () => {
    const { code, json } = await normscope(['reproduce-study', report, '--json'])
    expect(code).toBe(0)
    expect(json()).toMatchObject({
      compared: 2,
      agreeing: 2,
      runs: study.runs.map(({ id, weightsSha256 }) => ({
        ...{ id, recorded: weightsSha256, trained: weightsSha256, agrees: true }
      }))
    })
  })

  test('says which run ended with other weights, with exit code 1, and what it leaves out', async () => {
    const [first, second] = study.runs
    const { weightsSha256: _, ...rest } = { ...first!, status: 'cancelled' as const }
    const cancelled = { ...rest, id: 'cancelled', config: { ...first!.config, seed: 5 } }
    const runs = [{ ...first!, weightsSha256: 'f'.repeat(64) }, second!, cancelled]
    const { code, stdout } = await normscope(['reproduce-study', changed('other', runs)])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^as stored +0 +other weights$/m)
    expect(stdout).toMatch(/^\[0, 1\] +0 +the same weights$/m)
    expect(stdout).toMatch(/^as stored +5 +not compared: cancelled$/m)
    expect(stdout).toContain('1 of 2 runs ended with the same weights.')
  })

  test('says so where no run ended with weights', async () => {
    const runs = study.runs.map(({ weightsSha256: _, ...run }) => run)
    const { code, json } = await normscope(['reproduce-study', changed('none', runs), '--json'])
    expect(code).toBe(1)
    expect(json()).toMatchObject({ error: { code: 'nothing-to-reproduce' } })
  })

  test('says which images are missing', async () => {
    const path = join(folder.path, 'away.normscope')
    const away = join(folder.path, 'away')
    const dataset = {
      ...study.dataset,
      openedFrom: { paths: [away] },
      sources: study.dataset.sources.map((source) => ({ ...source, path: join(away, 'x') }))
    }
    writeFileSync(path, writeStudy(createStudy({ ...study, dataset }, sha256Of)))
    const { code, json } = await normscope(['reproduce-study', path, '--json'])
    expect(code).toBe(1)
    expect(json()).toMatchObject({ error: { code: 'study-images-missing', path: away } })
  })
})

describe('a study with experiments', () => {
  const asked = join(folder.path, 'asked')
  const file = join(asked, 'study.normscope')
  const names = ['Explain the gap', 'Another choice at prediction']
  let told: Record<string, unknown>

  beforeAll(async () => {
    const words = ['study', join(folder.path, 'train-images-idx3-ubyte'), '--out', asked]
    const network = ['--choices', 'raw,unit', '--epochs', '1', '--hidden', '8', '--seeds', '1']
    const experiments = ['--experiments', 'explain,mismatch']
    const { code, stderr, json } = await normscope([...words, ...network, ...experiments, '--json'])
    expect(code, stderr).toBe(0)
    told = json()
  })

  test('has their runs, sentences, tables and figures in its files', () => {
    const { experiments } = told as { experiments: { name: string; sentence: string }[] }
    // the training of the choices is told as the results
    expect(experiments.map(({ name }) => name)).toEqual(names)
    const page = readFileSync(join(asked, 'report.html'), 'utf8')
    for (const { sentence } of experiments) {
      expect(sentence).not.toContain('nothing is said')
      expect(page).toContain(sentence)
    }
    // raw to unit: neither, weights, rate, both, and unit itself
    const { experiments: kept, runs } = parseStudy(readFileSync(file, 'utf8'), sha256Of)
    const counts = kept!.map(({ kind, runIds }) => [kind, runIds.length])
    expect(counts).toEqual([
      ['training', 2],
      ['switches', 5],
      ['mismatch', 2]
    ])
    // the two ends of the gap are the training of the choices: they are trained once
    expect(runs).toHaveLength(2 + 3 + 2)
    const files = (told as { files: string[] }).files
    expect(files).toContain('experiment-1-switches.svg')
    const results = JSON.parse(readFileSync(join(asked, 'results.json'), 'utf8')) as typeof told
    expect(results.experiments).toEqual(experiments)
  })

  test('is complete: written again from its file, nothing is trained', async () => {
    const again = join(folder.path, 'asked-again')
    const { code, stderr } = await normscope(['study', file, '--out', again])
    expect(code).toBe(0)
    expect(stderr).not.toContain('to train')
    const [one, other] = [again, asked].map((at) =>
      parseStudy(readFileSync(join(at, 'study.normscope'), 'utf8'), sha256Of)
    )
    expect(one).toEqual(other)
  })

  test('is completed from its file where it lacks runs, unless none are asked for', async () => {
    const whole = parseStudy(readFileSync(file, 'utf8'), sha256Of)
    const gap = whole.experiments!.find(({ kind }) => kind === 'switches')!
    const lacking = createStudy(
      {
        ...whole,
        runs: whole.runs.filter(({ config }) => config.initFactors[0] === 1),
        experiments: [gap]
      },
      sha256Of
    )
    const path = join(folder.path, 'lacking.normscope')
    writeFileSync(path, writeStudy(lacking))
    const sentenceOf = async (...words: string[]): Promise<string> => {
      const to = join(folder.path, `lacking${words.length}`)
      const { code, stderr, json } = await normscope([
        'study',
        path,
        '--out',
        to,
        ...words,
        '--json'
      ])
      expect(code, stderr).toBe(0)
      return (json() as { experiments: [{ sentence: string }] }).experiments[0].sentence
    }
    expect(await sentenceOf('--experiments', 'none')).toContain('3 of 5 runs have finished')
    const { experiments } = told as { experiments: { kind: string; sentence: string }[] }
    const before = experiments.find(({ kind }) => kind === 'switches')!
    expect(await sentenceOf()).toBe(before.sentence)
  })

  test('is repeated with them', async () => {
    const { code, json } = await normscope(['reproduce-study', file, '--json'])
    expect(code).toBe(0)
    const all = [2, 5, 2].map((count) => ({
      ...{ compared: count, agreeing: count, sameSentence: true }
    }))
    expect(json()).toMatchObject({ compared: 7, agreeing: 7, experiments: all })
  })

  test.each([
    [['--experiments', 'advice'], '--experiments expects'],
    [['--choices', 'raw', '--experiments', 'explain'], 'needs two choices']
  ])('%j is refused before anything is opened', async (words, said) => {
    const ended = await normscope(['study', 'nowhere', '--out', join(folder.path, 'x'), ...words])
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain(said)
  })
})
