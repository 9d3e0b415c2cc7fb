// A set of images as it is opened and summarised: `open STORE PATH` or `summary STORE PATH`. Prints seconds
// and memory as JSON.
import { openDataset } from '../../src/main/data/open'
import { OpenSet } from '../../src/main/engine/dataset/open-set'
import { peakMegabytes } from '../peak'

const [what = '', folder = '', path = ''] = process.argv.slice(2)
const works: Readonly<Record<string, () => Promise<object>>> = { open, summary }
void works[what]!().then((found) => {
  console.log(JSON.stringify(found))
  process.exit(0)
})

async function open(): Promise<object> {
  const [before, started] = [peakMegabytes(), performance.now()]
  await openDataset(path, { store: { folder } })
  return { seconds: (performance.now() - started) / 1000, more: peakMegabytes() - before }
}

async function summary(): Promise<object> {
  const set = new OpenSet(await openDataset(path, { store: { folder } }))
  const [before, started] = [peakMegabytes(), performance.now()]
  await set.summary('train')
  return { seconds: (performance.now() - started) / 1000, more: peakMegabytes() - before }
}
