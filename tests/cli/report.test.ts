import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createStudy, parseStudy, writeStudy } from '../../src/core/study/study'
import type { Study } from '../../src/core/study/study'
import { sha256Of } from '../../src/main/study/file'
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
    for (const { weightsSha256 } of study.runs) expect(page).toContain(`<td>${weightsSha256}</td>`)
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
      openedFrom: { path: away },
      sources: study.dataset.sources.map((source) => ({ ...source, path: join(away, 'x') }))
    }
    writeFileSync(path, writeStudy(createStudy({ ...study, dataset }, sha256Of)))
    const { code, json } = await normscope(['reproduce-study', path, '--json'])
    expect(code).toBe(1)
    expect(json()).toMatchObject({ error: { code: 'study-images-missing', path: away } })
  })
})
