import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzip } from '../../tests/core/format/build'
import type { Dataset } from '../../src/core/dataset/dataset'
import { openDataset } from '../../src/main/data/open'
import { readLabels } from '../../src/main/data/labels'
import { readRows } from '../../src/main/data/rows'
import { withTestSplit } from '../../src/main/data/store/holdout'
import { Wrong } from '../subject'
import type { Subject } from '../subject'

const rows = Array.from({ length: 12 }, (_, at) => `c${at % 3},${at},${2 * at},${at + 7},9`)
const table = gzip(Buffer.from(`label,a,b,c,d\n${rows.join('\n')}\n`))

/** Everything that is known of a data set, and what its files hold, as one text. */
async function told(dataset: Dataset): Promise<string> {
  const { splits, ...facts } = dataset
  const parts = []
  for (const split of ['train', 'test'] as const) {
    const { count, classCounts } = splits[split] ?? { count: 0 }
    if (count === 0) continue
    const values = Array.from(await readRows(dataset, split, 0, count))
    parts.push({ count, classCounts, values, labels: Array.from(await readLabels(dataset, split)) })
  }
  return JSON.stringify([facts, parts])
}

/** What is kept of a data set is damaged: it is made again, and nothing that was damaged is believed. */
export const CACHE: Readonly<Record<string, Subject>> = {
  cache: {
    files: () => ({ 'a.csv.gz': table }),
    later: true,
    async read({ folder, pick, damaged, signal }) {
      const store = { folder: `${folder}-store` }
      const open = async (): Promise<string> => {
        const dataset = await openDataset(join(folder, 'a.csv.gz'), { store, signal })
        return told(await withTestSplit(dataset, { store }))
      }
      try {
        const first = await open()
        const files = readdirSync(store.folder, { recursive: true })
          .map((name) => join(store.folder, String(name)))
          .filter((path) => statSync(path).isFile())
          .sort()
        const path = files[pick(files.length)]!
        writeFileSync(path, damaged(readFileSync(path)))
        if ((await open()) !== first) throw new Wrong(`what is damaged in ${path} was believed`)
        return 'cache'
      } finally {
        rmSync(store.folder, { recursive: true, force: true })
      }
    }
  }
}
