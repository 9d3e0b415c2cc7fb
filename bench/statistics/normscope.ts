// Full statistics of ten choices of Fashion-MNIST's training images, as peers.py computes them:
// `statistics OUT.json|-`, `file PATH`, the same from a gzipped file that was never opened, or `open PATH`,
// a gzipped file to bytes. Prints seconds and memory as JSON.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChoiceSpec } from '../../src/core/preprocessing/preprocessing'
import { classMoments } from '../../src/core/statistics/class-moments'
import type { MomentRows } from '../../src/core/statistics/moments'
import { nodeTools } from '../../src/main/data/files/tools'
import { openDataset } from '../../src/main/data/open'
import { fileSource } from '../../src/main/disk/files'
import { openToCount } from '../../src/main/engine/dataset/counts-ahead'
import { OpenSet } from '../../src/main/engine/dataset/open-set'
import { startThreads } from '../../src/main/engine/dataset/parts'
import {
  distributionOf,
  featureMomentsAfter,
  imageMomentsAfter,
  lookOnce
} from '../../src/main/engine/figures/distributions'
import { peakMegabytes } from '../peak'

const BINS = 100
const CHOICES: readonly ChoiceSpec[] = [
  { id: 'raw' },
  { id: 'unit' },
  { id: 'symmetric' },
  { id: 'standardised' },
  { id: 'standardised-per-pixel' },
  { id: 'centred' },
  { id: 'centred-per-pixel' },
  { id: 'per-image' },
  { id: 'per-image-range' },
  { id: 'per-image-length' }
]

const [what, argument = '-'] = process.argv.slice(2)
const works: Readonly<Record<string, () => Promise<number>>> = {
  statistics,
  file: fromFile,
  open: unpack
}
const before = peakMegabytes()
void works[what ?? '']!().then((seconds) => {
  console.log(
    JSON.stringify({ seconds, megabytes: peakMegabytes(), more: peakMegabytes() - before })
  )
  process.exit(0)
})

async function statistics(): Promise<number> {
  // as the command line does while it opens a file
  startThreads()
  const set = new OpenSet(await openDataset('fashion-mnist'))
  const started = performance.now()
  const found = await everyNumber(set)
  const seconds = (performance.now() - started) / 1000
  if (argument !== '-') await writeFile(argument, JSON.stringify(found))
  return seconds
}

async function fromFile(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'normscope-bench-'))
  try {
    const started = performance.now()
    startThreads()
    // as the command line does where it shows the training images
    const dataset = await openToCount(argument, { store: { folder }, counted: ['train'] })
    await everyNumber(new OpenSet(dataset))
    return (performance.now() - started) / 1000
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function everyNumber(set: OpenSet): Promise<Record<string, ArrayLike<number>>> {
  const found: Record<string, ArrayLike<number>> = {}
  await lookOnce(set, CHOICES, 'train', BINS)
  const labels = (await set.labels('train'))!
  const keep = (choice: ChoiceSpec, key: string, { mean, std }: Pick<MomentRows, 'mean' | 'std'>) =>
    (found[`${choice.id}/${key}`] = [...mean, ...std])
  // all at once, as a window does that shows them all
  await Promise.all(CHOICES.map(everything))
  return found

  async function everything(choice: ChoiceSpec): Promise<void> {
    const [{ counts, edges, mean, std }, images, features] = await Promise.all([
      distributionOf(set, choice, 'train', BINS),
      imageMomentsAfter(set, choice, 'train', BINS),
      featureMomentsAfter(set, choice, 'train', BINS)
    ])
    const classes = classMoments(images, labels, 10)
    if (what !== 'statistics' || argument === '-') return
    found[`${choice.id}/counts`] = [...counts]
    found[`${choice.id}/edges`] = [...edges]
    found[`${choice.id}/set`] = [mean[0]!, std[0]!]
    keep(choice, 'images', images)
    keep(choice, 'pixels', features!)
    keep(choice, 'classes', classes)
  }
}

async function unpack(): Promise<number> {
  const started = performance.now()
  const file = await fileSource(argument)
  let bytes = 0
  for await (const chunk of nodeTools.gunzip(file)) bytes += chunk.length
  await file.close()
  if (bytes !== 47_040_016) throw new Error(`unpacked to ${bytes} bytes`)
  return (performance.now() - started) / 1000
}
