// How long summaries of shards take to be read and merged, and how large one is: `PATH SHARDS`.
import { openDataset } from '../../src/main/data/open'
import { summaryBytes, summaryOf } from '../../src/main/engine/summary/file'
import { mergeParts, wholeSummary } from '../../src/main/engine/summary/part'
import { summarisePart } from '../../src/main/engine/summary/parts'

async function main(): Promise<void> {
  const [path = '', count = ''] = process.argv.slice(2)
  const shards = Number(count)
  const dataset = await openDataset([path], {})
  const files: Uint8Array[] = []
  for (let index = 1; index <= shards; index++) {
    files.push(await summaryBytes(await summarisePart(dataset, 'train', { index, shards })))
  }
  const began = performance.now()
  let merged = await summaryOf(files[0]!, 'shard 1')
  for (const bytes of files.slice(1)) {
    merged = mergeParts([merged, await summaryOf(bytes, 'shard')])
  }
  wholeSummary(merged)
  const milliseconds = (performance.now() - began) / shards
  const kilobytes = files.reduce((sum, { length }) => sum + length, 0) / shards / 1000
  console.log(JSON.stringify({ milliseconds, kilobytes }))
  process.exit(0)
}

void main()
