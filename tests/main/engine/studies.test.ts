import { execFileSync } from 'node:child_process'
import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { OpenedStudy, StudyInView } from '../../../src/contract/engine'
import { config, engineFolder, value } from './engine-set-up'
import type { TestEngine } from './engine-set-up'
import { writeSmallImages } from './small-images'
import { parseStudy } from '../../../src/core/study/study'
import { isPlainFileName } from '../../../src/core/file-name'
import { within } from '../../../src/main/disk/allowed'
import { sha256Of } from '../../../src/main/engine/study/file'

const { folder, images, setUp } = engineFolder()

const CHOICES = [{ id: 'raw' as const }, { id: 'unit' as const }]

/** A study of one finished run on images in a folder of their own. */
async function studyOf(name: string, count = 12) {
  const own = writeSmallImages(join(folder, `${name}-images`), count)
  const made = setUp(`${name}-made`)
  await value(made.engine.openDataset({ paths: [own] }))
  const { ids } = await value(made.engine.enqueue({ configs: [config] }))
  await made.given(0, ids[0]!)
  made.trainers[0]!.end()
  await vi.waitFor(async () => expect(await made.statuses()).toEqual(['finished']))
  const { text } = await value(made.engine.studyFile({ choices: CHOICES, configs: [config] }))
  const file = join(folder, `${name}.normscope`)
  writeFileSync(file, text)
  return { ...made, file, own, text }
}

const opened = ({ events }: TestEngine): OpenedStudy | undefined =>
  events.filter(([name]) => name === 'studyOpened').at(-1)?.[1] as OpenedStudy | undefined

const inView = async ({ engine }: TestEngine): Promise<StudyInView | undefined> =>
  (await value(engine.status({}))).study

describe('a study file', () => {
  it('brings its runs, its settings and its images, where they are', async () => {
    const { file, own } = await studyOf('there')
    const other = setUp('there-opened')
    await value(other.engine.openStudy({ path: file }))
    const said = { name: 'there.normscope', runs: 1, choices: CHOICES, configs: [config] }
    expect(opened(other)).toMatchObject(said)
    expect(opened(other)?.problem).toBeUndefined()
    const dataset = await value(other.engine.dataset({}))
    expect(dataset!.sources[0]!.path).toContain(own)
    expect(await other.runs()).toMatchObject([
      { status: 'finished', datasetId: dataset!.id, config }
    ])
  })

  it('outside of the folders that may be opened, or with images there, is not opened', async () => {
    const { file, own } = await studyOf('outside')
    const other = setUp('outside-study', { checkPath: within([own]) })
    expect(await other.engine.openStudy({ path: file })).toMatchObject({
      ok: false,
      error: { code: 'outside-folders', path: file }
    })
    const images = setUp('outside-images', { checkPath: within([file]) })
    await value(images.engine.openStudy({ path: file }))
    expect((await inView(images))?.problem?.message).toContain('outside the folders')
  })

  it.skipIf(process.platform === 'win32')('is never waited for where it is a pipe', async () => {
    const pipe = join(folder, 'pipe.normscope')
    execFileSync('mkfifo', [pipe])
    const other = setUp('pipe')
    for (const path of [pipe, '/dev/zero']) {
      const answer = await other.engine.openStudy({ path })
      expect(answer).toMatchObject({ ok: false, error: { code: 'not-a-file', path } })
    }
  })

  it('keeps its runs after a start', async () => {
    const { file } = await studyOf('kept')
    const first = setUp('kept-opened')
    await value(first.engine.openStudy({ path: file }))
    await first.shell.close()
    expect(await setUp('kept-opened').statuses()).toEqual(['finished'])
  })

  it('keeps runs whose ids no disk would take for a name, or not tell apart', async () => {
    const { text } = await studyOf('odd-ids')
    const ids = ['a', 'A', 'con', '../../x', 'n'.repeat(5000), '\ud800', '.', 'x:y', 'ä*']
    const first = setUp('odd-ids-opened')
    for (const id of ids) {
      const named = text.replace(/"id": "[0-9a-f-]{36}"/, `"id": ${JSON.stringify(id)}`)
      await value(first.engine.openStudy({ name: 'a.normscope', text: named }))
    }
    await first.shell.close()
    const again = setUp('odd-ids-opened')
    expect((await again.runs()).map(({ id }) => id).sort()).toEqual([...ids].sort())
    expect((await value(again.engine.status({}))).journal.problem).toBeUndefined()
    const names = readdirSync(join(folder, 'odd-ids-opened', 'runs'))
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(ids.length)
    for (const name of names) expect(isPlainFileName(name)).toBe(true)
  })

  it('opened where it was made, or twice, shows no run twice', async () => {
    const made = await studyOf('twice')
    await value(made.engine.openStudy({ path: made.file }))
    await value(made.engine.openStudy({ name: 'copy.normscope', text: made.text }))
    expect(await made.statuses()).toEqual(['finished'])
  })

  it('has runs of its own though another has the same id', async () => {
    const [one, two] = [await studyOf('one'), await studyOf('two', 9)]
    const id = /"id": "([0-9a-f-]{36})"/
    const named = (text: string): string => text.replace(id, '"id": "run-0"')
    const other = setUp('ids')
    for (const text of [one.text, two.text, two.text].map(named)) {
      await value(other.engine.openStudy({ name: 'a.normscope', text }))
    }
    const runs = await other.runs()
    expect(runs).toHaveLength(2)
    expect(new Set(runs.map(({ datasetId }) => datasetId)).size).toBe(2)
  })

  it('shows its runs without the images, and says what is missing, until other images are opened', async () => {
    const { file, own } = await studyOf('away')
    renameSync(own, `${own}-elsewhere`)
    const other = setUp('away-opened')
    await value(other.engine.openDataset({ paths: [join(folder, 'fashion')] }))
    await value(other.engine.openStudy({ path: file }))
    expect(await other.statuses()).toEqual(['finished'])
    expect((await value(other.engine.dataset({})))!.splits.train.count).toBe(9)
    const view = await inView(other)
    expect(view?.problem).toMatchObject({ code: 'study-images-missing', path: own })
    expect(view?.problem?.message).toContain(basename(own))
    await value(other.engine.openDataset({ paths: [`${own}-elsewhere`] }))
    expect((await inView(other))?.problem).toBeUndefined()
    await value(other.engine.openDataset({ paths: [join(folder, 'fashion')] }))
    expect(await inView(other)).toBeUndefined()
  })

  it('does not take other images for its own', async () => {
    const { file, own } = await studyOf('changed')
    rmSync(own, { recursive: true })
    writeSmallImages(own, 15)
    const other = setUp('changed-opened')
    await value(other.engine.openStudy({ path: file }))
    expect(await value(other.engine.dataset({}))).toBeUndefined()
    expect((await inView(other))?.problem?.message).toContain('holds other images')
  })

  it('saved again without its images is the same study', async () => {
    const { file, own, text } = await studyOf('again')
    rmSync(own, { recursive: true })
    const other = setUp('again-opened')
    await value(other.engine.openStudy({ path: file }))
    const saved = await value(other.engine.studyFile({ choices: CHOICES, configs: [config] }))
    expect(JSON.parse(saved.text)).toEqual(JSON.parse(text))
  })

  it('given at the start is opened, and what is no study leaves a data set open', async () => {
    const { file, own } = await studyOf('start')
    const first = setUp('start-opened')
    await first.shell.openFirst([file])
    expect(opened(first)?.runs).toBe(1)
    expect((await value(first.engine.dataset({})))!.sources[0]!.path).toContain(own)
    writeFileSync(join(folder, 'no.normscope'), 'not JSON')
    const second = setUp('start-refused')
    await second.shell.openFirst([join(folder, 'no.normscope')])
    expect(second.notices()[0]).toMatchObject({ level: 'error', error: { code: 'not-a-study' } })
    expect((await value(second.engine.dataset({})))!.splits.train.count).toBe(9)
  })

  it('that is not there, or a folder, or of a later version, is refused with what was found', async () => {
    const { engine, events } = setUp('refused')
    const codeOf = async (path: string): Promise<string> => {
      const answer = await engine.openStudy({ path })
      return answer.ok ? 'opened' : answer.error.code
    }
    const later = join(folder, 'later.normscope')
    writeFileSync(later, '{"version": 99}')
    expect(await codeOf(join(folder, 'nowhere.normscope'))).toBe('missing-file')
    expect(await codeOf(images)).toBe('not-a-file')
    expect(await codeOf(later)).toBe('unknown-study-version')
    expect(events.some(([name]) => name === 'studyOpened')).toBe(false)
  })
})

describe('a report', () => {
  const asked = { choices: CHOICES, configs: [config] }
  /** names of the figures in it */
  const figures = (page: string): string[] =>
    Array.from(page.matchAll(/<figure>\s*<h3>([^<]*)</g), ([, title]) => title!)

  it('has the figures of the images in view, and holds their study', async () => {
    const { engine, text } = await studyOf('reported')
    const { name, text: page } = await value(engine.report(asked))
    expect(name).toMatch(/\.html$/)
    const { id: _, ...said } = parseStudy(page, sha256Of).runs[0]!
    expect(parseStudy(text, sha256Of).runs[0]).toMatchObject(said)
    const drawn = ['As stored', 'Rescaled to [0, 1]', 'Mean and std of each image']
    expect(figures(page)).toEqual(expect.arrayContaining(drawn))
  })

  it('says how far it is, and is given up where it is cancelled', async () => {
    const { engine, events } = await studyOf('cancelled')
    const told = () =>
      events.flatMap(([name, progress]) =>
        name === 'reportProgress' ? [(progress as { fraction?: number }).fraction] : []
      )
    await value(engine.report(asked))
    const fractions = told().filter((fraction) => fraction !== undefined)
    expect(fractions[0]).toBe(0)
    expect(fractions.length).toBeGreaterThan(3)
    expect([...fractions].sort((a, b) => a - b)).toEqual(fractions)
    // at the first that is told, and not when a test gets to see it: a small report is made in no time
    const tell = events.push.bind(events)
    events.push = (...told) => {
      events.push = tell
      void engine.cancelReport({})
      return tell(...told)
    }
    expect(await engine.report(asked)).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect((await engine.report(asked)).ok).toBe(true)
  })

  it('is opened as the study that it holds', async () => {
    const { engine, own } = await studyOf('reopened')
    const { text } = await value(engine.report(asked))
    const page = join(folder, 'reopened.html')
    writeFileSync(page, text)
    const first = setUp('reopened-first')
    await first.shell.openFirst([page])
    expect(opened(first)).toMatchObject({ name: 'reopened.html', runs: 1, choices: CHOICES })
    expect((await value(first.engine.dataset({})))!.sources[0]!.path).toContain(own)
    const dropped = setUp('reopened-dropped')
    await value(dropped.engine.openStudy({ name: 'a.html', text }))
    expect(await dropped.statuses()).toEqual(['finished'])
  })

  it('is written without figures of images that are not there', async () => {
    const { file, own } = await studyOf('reported-away')
    rmSync(own, { recursive: true })
    const other = setUp('reported-away-opened')
    await value(other.engine.openStudy({ path: file }))
    const { text } = await value(other.engine.report(asked))
    expect(figures(text)).toEqual([])
    expect(text).toContain('Seeds and weights')
    expect(text).toContain('were not at hand when this report was written')
  })
})
