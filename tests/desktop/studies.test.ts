import { existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { ElectronApplication, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseStudy } from '../../src/core/study/study'
import { sha256Of } from '../../src/main/engine/study/file'
import { normscope } from '../cli/program'
import { writeSmallImages } from '../main/engine/small-images'
import { BUILT, DISPLAY, eventually, PROJECT, temporaryFolder, launched } from './project'

const executablePath = process.env.NORMSCOPE_ELECTRON
const folder = temporaryFolder()
const images = join(folder.path, 'images')
const study = join(folder.path, 'study', 'study.normscope')
const saved = join(folder.path, 'saved.normscope')
const env = {
  ...(process.env as Record<string, string>),
  NORMSCOPE_DATA: join(folder.path, 'data'),
  XDG_CACHE_HOME: join(folder.path, 'cache')
}

let app: ElectronApplication
let page: Page

describe.skipIf(!executablePath || !DISPLAY || !BUILT)('a study in the desktop app', () => {
  beforeAll(async () => {
    writeSmallImages(images, 120, 30)
    const words = ['study', images, '--out', join(folder.path, 'study'), '--choices', 'raw,log']
    const made = await normscope([...words, '--epochs', '2', '--hidden', '8'], { env })
    expect(made.code).toBe(0)
    app = await launched({
      executablePath,
      args: ['--no-sandbox', `--user-data-dir=${join(folder.path, 'user')}`, PROJECT, study],
      env
    })
    page = await app.firstWindow()
  })
  afterAll(async () => {
    await app?.close().catch(() => undefined)
    folder.remove()
  })

  it('named at the start brings its images, runs and settings', async () => {
    await page.getByText('120 train, 30 test').waitFor()
    await page.getByRole('heading', { name: 'Results' }).waitFor()
    expect(await page.getByRole('checkbox', { name: 'Logarithm', exact: true }).isChecked()).toBe(
      true
    )
    await page.getByText('Opened study.normscope: 2 runs on images').waitFor()
  })

  it('is saved with Ctrl S, whole', async () => {
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
    }, saved)
    await page.keyboard.press('Control+s')
    await eventually('the file', () => existsSync(saved) || undefined)
    const [file, made] = [saved, study].map(
      (path) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
    )
    expect(file!.reproducible).toBe(made!.reproducible)
  })

  it('is saved as a report with its figures, which holds it', async () => {
    const report = join(folder.path, 'saved.html')
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
    }, report)
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: 'Save report…' }).click()
    const text = await eventually('the report', () =>
      existsSync(report) ? readFileSync(report, 'utf8') : undefined
    )
    const [held, made] = [text, readFileSync(study, 'utf8')].map((each) =>
      parseStudy(each, sha256Of)
    )
    expect(held!.reproducible).toBe(made!.reproducible)
    // accuracy, loss, gradient norm, no gradient; two histograms, both over one another, moments
    expect(text.match(/<svg /g)).toHaveLength(8)
  })

  it('chosen in its dialog is shown without its images, which the bar names', async () => {
    renameSync(images, `${images}-elsewhere`)
    await page.getByRole('button', { name: 'Change…' }).click()
    await page.getByRole('button', { name: /Generated/ }).click()
    await page.getByText('Generated garments').waitFor()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] })
    }, saved)
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('open study')
    await page.getByRole('option', { name: 'Open study…', selected: true }).waitFor()
    await page.keyboard.press('Enter')
    const bar = page.getByRole('status').filter({ hasText: 'saved.normscope: 2 runs' })
    await bar.getByRole('button', { name: 'What is missing?' }).click()
    expect(await bar.innerText()).toContain(images)
    await page.getByRole('cell', { name: 'Logarithm', exact: true }).waitFor()
  })

  it('has a choice that is copied as code', async () => {
    const row = page.getByRole('button', { name: 'Code of Logarithm' })
    await row.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Copy code for PyTorch' }).click()
    await page.getByText('Copied Logarithm as code for PyTorch').waitFor()
    const text = await app.evaluate(({ clipboard }) => clipboard.readText())
    expect(text).toContain('torch.log1p(x)')
  })
})
