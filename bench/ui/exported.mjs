import { inWindow, shown } from './window.mjs'

/** Milliseconds from the menu to the file of the slowest figure, of each figure of each view with figures of a set. */
export function exported(folder, browser) {
  return inWindow('fashion-mnist', folder, browser, async (page) => {
    const most = { PNG: 0, SVG: 0, figures: 0 }
    for (const view of ['Images', 'Pixels', 'Activations', 'Why']) {
      await shown(page, view)
      const menus = page.getByRole('button', { name: /^Menu of / })
      for (let figure = 0; figure < (await menus.count()); figure++) {
        for (const kind of ['PNG', 'SVG']) {
          await menus.nth(figure).click()
          const item = page.getByRole('menuitem', { name: `Save ${kind}` })
          if ((await item.count()) === 0) {
            await page.keyboard.press('Escape')
            continue
          }
          const began = performance.now()
          const saved = page.waitForEvent('download')
          await item.click()
          await (await saved).path()
          most[kind] = Math.max(most[kind], performance.now() - began)
          most.figures++
        }
      }
    }
    if (most.figures === 0) throw new Error('no figure has a menu')
    return most
  })
}
