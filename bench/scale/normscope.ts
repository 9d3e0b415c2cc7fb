// A set of images as it is opened and summarised: `open STORE PATH` or `summary STORE PATH`. Prints seconds
// and memory as JSON.
import { openDataset } from '../../src/main/data/open'
import { OpenSet } from '../../src/main/engine/dataset/open-set'

const [what = '', folder = '', path = ''] = process.argv.slice(2)
const works: Readonly<Record<string, () => Promise<object>>> = { open, summary }
void works[what]!().then((found) => {
  console.log(JSON.stringify(found))
  process.exit(0)
})

/** MB that this process has held at most. */
function memory(): number {
  return process.resourceUsage().maxRSS / 1024
}

async function open(): Promise<object> {
  const [before, started] = [memory(), performance.now()]
  await openDataset(path, { store: { folder } })
  return { seconds: (performance.now() - started) / 1000, more: memory() - before }
}

async function summary(): Promise<object> {
  const set = new OpenSet(await openDataset(path, { store: { folder } }))
  const [before, started] = [memory(), performance.now()]
  const { count } = await set.summary('train')
  const seconds = (performance.now() - started) / 1000
  return { seconds, more: memory() - before, images: count, ...cpu() }
}

function cpu() {
  const { user, system } = process.cpuUsage()
  return { user: user / 1e6, system: system / 1e6 }
}
