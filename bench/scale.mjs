// A million images of 28 x 28 pixels in an uncompressed file of 784 MB: opened, summarised in one pass
// beside NumPy's memmap, shown in the window, and trained on beside Fashion-MNIST's 60,000.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bundled } from './bundle.mjs'
import { writePlain } from './growth/tiled.mjs'
import { inBench } from './paths.mjs'
import { run } from './run.mjs'
import { trained } from './training/trained.mjs'

const IMAGES = 1_000_000
const MEMMAP = "NumPy's memmap"
const [MANY, FEW] = ['training on 1,000,000', 'training on 60,000']
const NETWORK = { layers: 'dense-128', batch: 32 }

export default {
  name: 'scale',
  title: 'A million images',
  rounds: 3,
  quickRounds: 1,
  needs: ['numpy', 'chromium'],
  measures: {
    thumbnails: { unit: 's', digits: 3 },
    counts: { unit: 's', digits: 3 }
  },
  rows: ({ quick }) => [
    { what: 'one-pass summary', of: 'summary', against: MEMMAP, faster: 5 },
    { what: 'memory of the summary', of: 'summary', measure: 'more', most: 100 },
    { what: 'opened for the first time', of: 'first opening' },
    { what: 'opened again', of: 'next opening' },
    ...(quick
      ? []
      : [
          { what: 'window: counts after the choice of the file', of: 'window', measure: 'counts' },
          { what: 'window: first thumbnails', of: 'window', measure: 'thumbnails' },
          { what: 'window usable, scrolled too', of: 'window', most: 1.5 },
          { what: MANY, of: MANY, against: FEW, measure: 'rate', faster: 0.9 },
          { what: 'memory of the trainer', of: MANY, measure: 'megabytes', most: 1500 }
        ])
  ],
  async prepare({ peers: { numpy, chromium }, folder }) {
    const program = await bundled('scale/normscope.ts')
    const set = join(folder, 'set')
    writePlain(set, process.env.NORMSCOPE_FASHION_MNIST, IMAGES)
    const kept = join(folder, 'store')
    const normscope = (what, store) => run(process.execPath, [program, what, store, set])
    const images = join(set, 'train-images-idx3-ubyte')
    return {
      'first opening': () => inFolder(folder, (empty) => normscope('open', empty)),
      'next opening': async () => {
        await normscope('open', kept)
        return normscope('open', kept)
      },
      summary: () => normscope('summary', kept),
      [MEMMAP]: {
        needs: 'numpy',
        run: () => run(numpy.program, [inBench('scale', 'memmap.py'), images], numpy.env)
      },
      window: {
        needs: 'chromium',
        run: () =>
          inFolder(folder, (own) => {
            const args = [inBench('scale', 'window.mjs'), set, String(IMAGES), own]
            return run(process.execPath, args, chromium.env)
          })
      },
      [FEW]: () => trained({ ...NETWORK, images: 60_000, epochs: 3 }),
      [MANY]: () => inFolder(folder, (own) => training(set, own))
    }
  }
}

/** One epoch, which takes some ten seconds, its warm-up with it. What is held out goes to a cache of its own. */
function training(path, own) {
  const cache = join(own, 'cache')
  mkdirSync(cache)
  const env = { ...process.env, XDG_CACHE_HOME: cache }
  return trained({ ...NETWORK, images: IMAGES, epochs: 1, path, env })
}

/** Work in a new folder, which goes afterwards. */
async function inFolder(folder, work) {
  const own = mkdtempSync(join(folder, 'own-'))
  try {
    return await work(own)
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
}
