import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ElectronApplication, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BUILT, DISPLAY, eventually, PROJECT, temporaryFolder, launched } from './project'
import { DATASET, tour } from './tour'

const executablePath = process.env.NORMSCOPE_ELECTRON
const folder = temporaryFolder()

describe.skipIf(!executablePath || !DISPLAY || !BUILT)(
  `the views in the window, ${DATASET}`,
  () => {
    let app: ElectronApplication
    let page: Page
    const errors: string[] = []

    beforeAll(async () => {
      const user = join(folder.path, 'user')
      app = await launched({
        executablePath,
        args: ['--no-sandbox', `--user-data-dir=${user}`, PROJECT, DATASET],
        env: {
          ...(process.env as Record<string, string>),
          NORMSCOPE_DATA: join(folder.path, 'data')
        }
      })
      page = await app.firstWindow()
      page.on('pageerror', ({ message }) => errors.push(message))
    })

    afterAll(async () => {
      await app?.close()
      folder.remove()
    })

    tour(
      () => page,
      async (_shown, choose) => {
        const filePath = join(folder.path, 'saved.csv')
        await app.evaluate(({ dialog }, path) => {
          dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: path })
        }, filePath)
        await choose()
        await eventually('the file', () => existsSync(filePath) || undefined)
        return readFileSync(filePath, 'utf8')
      }
    )

    it('met no error on the way', () => {
      expect(errors).toEqual([])
    })
  }
)
