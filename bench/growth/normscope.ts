// Opens a folder of images and summarises its training images: `FOLDER STORE`, where STORE is a folder
// for decoded data. Prints seconds of each and the most memory that the process held as JSON.
import { openDataset } from '../../src/main/data/open'
import { OpenSet } from '../../src/main/engine/dataset/open-set'
import { peakMegabytes } from '../peak'

async function measure(path: string, store: string): Promise<void> {
  const started = performance.now()
  const dataset = await openDataset(path, { store: { folder: store } })
  const opened = performance.now()
  await new OpenSet(dataset).summary('train')
  const ended = performance.now()
  const opening = (opened - started) / 1000
  const summary = (ended - opened) / 1000
  console.log(JSON.stringify({ opening, summary, megabytes: peakMegabytes() }))
}

const [path = '', store = ''] = process.argv.slice(2)
void measure(path, store).then(() => process.exit(0))
