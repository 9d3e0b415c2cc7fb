// The window in use, in a browser on the served shell: views and images looked at while every core trains, the gallery
// of a million images scrolled, another choice looked at, and each figure saved.
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { bundled } from './bundle.mjs'
import { writePlain } from './growth/tiled.mjs'
import { run } from './run.mjs'
import { exported } from './ui/exported.mjs'
import { inDesktop } from './ui/in-desktop.mjs'
import { looked, LONG_RUNS } from './ui/looked.mjs'
import { scrolled } from './ui/scrolled.mjs'

const IMAGES = 1_000_000
const BUSY = 'while all cores train'
const LOOKED = ['view', 'viewP95', 'click', 'clickP95', 'engine', 'shell']
/** Rounds of what takes minutes. */
const FEW = 2
const milliseconds = { unit: 'ms', digits: 0 }

const busy = (what, measure, most) => ({ what: `${what} ${BUSY}`, of: BUSY, measure, most })

export default {
  name: 'ui',
  title: 'Window',
  rounds: 5,
  quickRounds: 1,
  needs: ['chromium', 'electron'],
  measures: {
    ...Object.fromEntries(
      [...LOOKED, 'main', 'most', 'PNG', 'SVG'].map((name) => [name, milliseconds])
    ),
    ...Object.fromEntries(
      ['frame', 'scroll', 'live'].map((name) => [name, { unit: 'ms', digits: 1 }])
    ),
    blank: { unit: 'frames', digits: 0 }
  },
  rows: [
    busy('another view, middle', 'view', 100),
    busy('another view, 95 of 100', 'viewP95', 300),
    busy('another image, middle', 'click', 100),
    busy('another image, 95 of 100', 'clickP95', 300),
    busy('frame of a scroll, 95 of 100', 'scroll', 33),
    busy('frame with curves that grow, 95 of 100', 'live', 33),
    busy("engine's event loop, 99 of 100", 'engine', 20),
    busy("shell's event loop, 99 of 100", 'shell', 20),
    {
      what: `desktop app's event loop, 99 of 100 ${BUSY}`,
      of: 'desktop',
      measure: 'main',
      most: 20
    },
    {
      what: 'frame of a scroll, 1,000,000 images, 95 of 100',
      of: 'gallery',
      measure: 'frame',
      most: 20
    },
    { what: 'a row without its pictures, longest', of: 'gallery', measure: 'blank', most: 2 },
    { what: 'another affine choice, slowest', of: 'choices', measure: 'most', most: 10 },
    { what: 'saving the slowest figure, PNG', of: 'figures', measure: 'PNG', most: 300 },
    { what: 'saving the slowest figure, SVG', of: 'figures', measure: 'SVG', most: 500 }
  ],
  async prepare({ folder, peers: { chromium } }) {
    const program = await bundled('ui/switched.ts')
    const [million, store] = [join(folder, 'million'), join(folder, 'store')]
    const inBrowser = (work, rounds) => ({ needs: 'chromium', rounds, run: work })
    return {
      [BUSY]: inBrowser(() => looked(folder, chromium), FEW),
      desktop: {
        needs: 'electron',
        rounds: FEW,
        run: () => inDesktop(join(mkdtempSync(join(folder, 'desktop-')), 'app'), LONG_RUNS)
      },
      gallery: inBrowser(() => {
        writePlain(million, process.env.NORMSCOPE_FASHION_MNIST, IMAGES)
        return scrolled(million, folder, chromium)
      }, 1),
      choices: () => run(process.execPath, [program, store, 'fashion-mnist']),
      figures: inBrowser(() => exported(folder, chromium), FEW)
    }
  }
}
