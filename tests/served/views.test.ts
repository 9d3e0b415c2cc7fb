import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BUILT, temporaryFolder } from '../desktop/project'
import { DATASET, tour } from '../desktop/tour'
import { served } from './shown'
import type { Served } from './shown'

const folder = temporaryFolder()

describe.skipIf(!BUILT || !process.env.NORMSCOPE_CHROMIUM)(
  `the views in a browser, ${DATASET}`,
  () => {
    let window: Served
    const errors: string[] = []

    beforeAll(async () => {
      window = await served(DATASET, join(folder.path, 'data'))
      const { page, address } = window
      page.on('pageerror', ({ message }) => errors.push(message))
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text())
      })
      await page.goto(address)
    })

    afterAll(async () => {
      await window?.close()
      folder.remove()
    })

    tour(
      () => window.page,
      async (shown, choose) => {
        const [download] = await Promise.all([shown.waitForEvent('download'), choose()])
        expect(download.suggestedFilename()).toMatch(/\.csv$/)
        return readFileSync(await download.path(), 'utf8')
      }
    )

    it('met no error on the way', () => {
      expect(errors).toEqual([])
    })
  }
)
