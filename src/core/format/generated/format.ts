import { RANK } from '../format'
import type { Format, PlannedSplit } from '../format'
import type { SplitName } from '../../dataset/dataset'
import {
  GENERATED_CLASSES,
  GENERATED_COUNTS,
  GENERATED_VERSION,
  openGeneratedSplit
} from './generated'

interface GeneratedSplit extends PlannedSplit {
  readonly split: SplitName
}

const WORD = 'generated'

/** Pictures drawn from a seed. */
export const GENERATED: Format<undefined, GeneratedSplit> = {
  id: 'generated',
  name: 'the generated set',
  endings: [],
  word: WORD,
  labelling: 'give a labels file',
  recognise: async ({ kind, path }) =>
    kind === 'word' && path === WORD ? { rank: RANK.sure, found: undefined } : undefined,
  plan: async () => ({
    name: 'Generated garments',
    sources: [],
    recipe: JSON.stringify(['generated', GENERATED_VERSION, GENERATED_COUNTS]),
    train: { path: WORD, split: 'train' },
    test: { path: WORD, split: 'test' },
    warnings: [],
    classNames: GENERATED_CLASSES
  }),
  read: async ({ split }, { files }) => openGeneratedSplit(split, () => files.pause())
}
