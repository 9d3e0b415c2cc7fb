// The figures of one affine choice after the other, of a set that is summarised: `switched STORE PATH`. Prints
// milliseconds of the middle and of the slowest as JSON.
import type { ChoiceId, ChoiceSpec } from '../../src/core/preprocessing/preprocessing'
import { openDataset } from '../../src/main/data/open'
import { OpenSet } from '../../src/main/engine/dataset/open-set'
import { distributions } from '../../src/main/engine/figures/distributions'

const FIRST: ChoiceId = 'unit'
const OTHERS: readonly ChoiceId[] = [
  ...(['symmetric', 'centred', 'standardised', 'centred-per-pixel'] as const),
  'standardised-per-pixel'
]

const [folder = '', path = ''] = process.argv.slice(2)
void switched().then((found) => {
  console.log(JSON.stringify(found))
  process.exit(0)
})

async function switched(): Promise<object> {
  const set = new OpenSet(await openDataset(path, { store: { folder } }))
  const shown = (id: ChoiceId): Promise<unknown> =>
    distributions(set, {
      ...{ split: 'train', choices: [{ id } as ChoiceSpec], logCount: true },
      ...{ sharedAxis: false, overlayAxis: 'own' }
    })
  await shown(FIRST)
  const took: number[] = []
  for (const id of OTHERS) {
    const started = performance.now()
    await shown(id)
    took.push(performance.now() - started)
  }
  took.sort((a, b) => a - b)
  return { milliseconds: took[took.length >> 1], most: took.at(-1) }
}
