import { equivalenceFigures } from '../../../figure/equivalence'
import { MOVED, movedFactors } from '../../../network/equivalent'
import { AS_CHOSEN } from '../../../preprocessing/input'
import {
  askSchema,
  COINCIDE,
  configsOf,
  differencesOf,
  isExact,
  keptOf,
  plannedOf,
  powerOfTwo,
  SCALE,
  verdictOf
} from './ask'
import type { Ask } from './ask'
import { differenceTable, factorTable, mapText, notesOf, reasonsOf, sentenceOf } from './words'
import { experimentKind, runOf } from '../../kind'
import { endingNotes } from '../../results'
import { curveOf, epochDifferences } from '../../traces'

/** A scaled or shifted input, and the training that is the same. */
export const EQUIVALENCE = experimentKind({
  id: 'equivalence',
  name: 'Equivalent training',
  question:
    'When the input is scaled or shifted, which settings make it the same training, and what if one of them stays?',
  ask: askSchema,
  offer: ({ to }): Ask => ({
    config: { ...to, input: AS_CHOSEN, startBias: 'zero', epochs: 1 },
    ...{ scale: 255, offset: 0, keep: 'nothing' }
  }),
  fields: [
    {
      ...{ key: 'scale', type: 'number', limits: SCALE, unit: 'factor' },
      ...{ name: 'Scale', help: 'factor on the input' }
    },
    {
      ...{ key: 'offset', type: 'number', limits: {} },
      ...{ name: 'Offset', help: 'added to the scaled input' }
    },
    {
      ...{
        key: 'keep',
        type: 'option',
        name: 'Stays',
        help: 'setting of the first layer that does not move'
      },
      options: [
        { value: 'nothing', name: 'nothing' },
        ...MOVED.map(({ id, name }) => ({ value: id, name }))
      ]
    }
  ],
  choices: () => [],
  images: ({ config: { limit, classes } }) => ({ limit, classes }),
  plan(ask) {
    return plannedOf(ask)
  },
  outcome(ask, _facts, runs) {
    const configs = configsOf(ask)
    const original = runOf(runs, configs.original)
    const moved = runOf(runs, configs.moved)
    const rounding = configs.rounding.flatMap((config) => runOf(runs, config) ?? [])
    const differences = original && moved ? differencesOf(original, moved, rounding) : []
    const exact = configs.unrounded && runOf(runs, configs.unrounded)
    const [ofExact] = original && exact ? epochDifferences(original, exact) : []
    const plainPower = powerOfTwo(ask.scale) === ask.scale && ask.offset === 0
    const own = plainPower ? differences[0]?.difference : undefined
    const unrounded = ofExact?.difference ?? own
    const verdict = verdictOf(ask, differences, unrounded)
    const curves = {
      original: original && curveOf(original),
      moved: moved && curveOf(moved),
      rounding: rounding.map(curveOf)
    }
    const because = reasonsOf(ask)
    return {
      sentence: sentenceOf(ask, verdict, differences, { original, moved, unrounded }),
      figures: equivalenceFigures(curves, {
        choice: ask.config.choice,
        map: mapText(ask),
        bound: COINCIDE
      }),
      tables: [factorTable(ask), differenceTable(differences)],
      notes: [
        ...notesOf(ask),
        ...endingNotes([configs.original, configs.moved, ...configs.rounding], runs, [
          'finished',
          'diverged'
        ])
      ],
      data: {
        exact: isExact(ask),
        verdict,
        ...(because !== '' && { because }),
        difference: differences[0]?.difference,
        rounding: differences[0]?.rounding,
        unrounded,
        byEpoch: differences,
        factors: movedFactors(ask.config, ask.scale, keptOf(ask)),
        original: original && { status: original.status, ...curves.original },
        moved: moved && { status: moved.status, ...curves.moved }
      }
    }
  }
})
