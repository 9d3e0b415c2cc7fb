import axe from 'axe-core'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseStudy } from '../../src/core/study/study'
import { sha256Of } from '../../src/main/engine/study/file'
import { normscope, writeTwoClasses } from '../cli/program'
import { BUILT, temporaryFolder } from '../desktop/project'
import { served } from './shown'
import type { Served } from './shown'

const folder = temporaryFolder()
const out = join(folder.path, 'study')
const written = (name: string): string => readFileSync(join(out, name), 'utf8')

describe.skipIf(!BUILT || !process.env.NORMSCOPE_CHROMIUM)(
  'a study of the command line, opened in a browser',
  () => {
    let window: Served

    beforeAll(async () => {
      const { images } = writeTwoClasses(folder.path)
      const choices = ['--choices', 'raw,unit', '--epochs', '1', '--hidden', '8']
      expect((await normscope(['study', images, '--out', out, ...choices])).code).toBe(0)
      // the images lie beside the study's folder, not in it
      const folders = ['--folder', folder.path]
      window = await served(join(out, 'report.html'), join(folder.path, 'data'), folders)
      await window.page.goto(window.address)
    })

    afterAll(async () => {
      await window?.close()
      folder.remove()
    })

    async function exported(name: string): Promise<string> {
      const { page } = window
      await page.getByRole('button', { name: 'Export' }).click()
      const item = page.getByRole('menuitem', { name, exact: true })
      const [download] = await Promise.all([page.waitForEvent('download'), item.click()])
      return readFileSync(await download.path(), 'utf8')
    }

    it('gives the SVG of a figure byte for byte as the command line does', async () => {
      const { page } = window
      await page.getByRole('tab', { name: 'Training' }).click()
      await page.getByRole('img', { name: /^Test accuracy by epoch/ }).waitFor()
      expect(await exported('Test accuracy by epoch, SVG')).toBe(
        written('training-accuracy-test.svg')
      )
    })

    it('gives a report that holds the same study and the same figures', async () => {
      const report = await exported('Save report…')
      const { runs, dataset, reproducible } = parseStudy(report, sha256Of)
      const study = parseStudy(written('study.normscope'), sha256Of)
      expect(reproducible).toBe(study.reproducible)
      expect(runs).toEqual(study.runs)
      expect(dataset.id).toBe(study.dataset.id)
      const drawn = (text: string): readonly string[] => text.match(/<svg [\s\S]*?<\/svg>/g) ?? []
      expect(drawn(report)).toHaveLength(8)
      expect(drawn(report)).toEqual(drawn(written('report.html')))
    })

    it('reads from disk without asking for anything else, and is accessible', async () => {
      const reader = await window.browser.newPage({ bypassCSP: true })
      const asked: string[] = []
      const said: string[] = []
      reader.on('request', (request) => asked.push(request.url()))
      reader.on('console', (message) => said.push(message.text()))
      const address = `file://${join(out, 'report.html')}`
      await reader.goto(address)
      expect(asked).toEqual([address])
      expect(said).toEqual([])
      await reader.evaluate(axe.source)
      const found = await reader.evaluate(() =>
        (globalThis as unknown as { axe: typeof axe }).axe.run(document)
      )
      expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
      await reader.close()
    })
  }
)
