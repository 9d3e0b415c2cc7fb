import axe from 'axe-core'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseStudy } from '../../src/core/study/study'
import { sha256Of } from '../../src/main/study/file'
import { normscope, writeTwoClasses } from '../cli/program'
import { BUILT, eventually, PROGRAM_FOLDER, temporaryFolder } from '../desktop/project'

const executablePath = process.env.NORMSCOPE_CHROMIUM
const folder = temporaryFolder()
const out = join(folder.path, 'study')
const written = (name: string): string => readFileSync(join(out, name), 'utf8')

describe.skipIf(!BUILT || !executablePath)(
  'a study of the command line, opened in a browser',
  () => {
    let host: ChildProcess
    let browser: Browser
    let page: Page

    beforeAll(async () => {
      const { images } = writeTwoClasses(folder.path)
      const choices = ['--choices', 'raw,unit', '--epochs', '1', '--hidden', '8']
      expect((await normscope(['study', images, '--out', out, ...choices])).code).toBe(0)
      const said: string[] = []
      const words = ['serve', join(out, 'report.html')]
      host = spawn(process.execPath, [join(PROGRAM_FOLDER, 'cli.cjs'), ...words], {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, NORMSCOPE_DATA: join(folder.path, 'data') }
      })
      host.stdout!.on('data', (part: Buffer) => said.push(part.toString()))
      const address = await eventually('the address', () => /http:\/\/\S+/.exec(said.join(''))?.[0])
      browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
      page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
      await page.goto(address)
    })

    afterAll(async () => {
      await browser?.close()
      if (host !== undefined) {
        const ended = new Promise((resolve) => host.once('exit', resolve))
        host.kill('SIGTERM')
        await ended
      }
      folder.remove()
    })

    async function exported(name: string): Promise<string> {
      await page.getByRole('button', { name: 'Export' }).click()
      const item = page.getByRole('menuitem', { name, exact: true })
      const [download] = await Promise.all([page.waitForEvent('download'), item.click()])
      return readFileSync(await download.path(), 'utf8')
    }

    it('gives the SVG of a figure byte for byte as the command line does', async () => {
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
      const reader = await browser.newPage({ bypassCSP: true })
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
        (window as unknown as { axe: typeof axe }).axe.run(document)
      )
      expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
      await reader.close()
    })
  }
)
