import { accuracyBars } from '../../figure/accuracy'
import type { ColourRole, Figure } from '../../figure/figure'
import { percent } from '../../numbers'
import { seedsText } from '../results'
import type { OverSeeds } from '../results'
import type { Bench, Measured } from './claim'

/** '65.8 % ± 0.4' */
export function spreadText({ mean, std }: OverSeeds): string {
  return std === undefined ? percent(mean) : `${percent(mean)} ± ${(std * 100).toFixed(1)}`
}

/** 'mean of 3 seeds' */
export function meanText({ seeds }: Pick<Bench, 'seeds'>): string {
  return seeds.length === 1 ? 'one seed' : `mean of ${seedsText(seeds.length)}`
}

export interface Row {
  readonly name: string
  readonly colour: ColourRole
  readonly accuracy: Measured
}

/** The accuracies that a claim is judged by, as bars. */
export function barsFigure(
  bench: Bench,
  { claim, name, of, rows }: { claim: string; name: string; of: string; rows: readonly Row[] }
): Figure {
  const { seeds } = bench
  const epochs = `${bench.config.epochs} ${bench.config.epochs === 1 ? 'epoch' : 'epochs'}`
  const whisker = seeds.length > 1 ? '; line: ± standard deviation over them' : ''
  return {
    id: `claims-accuracy-${claim}`,
    title: name,
    subtitle: `after ${epochs}, ${meanText(bench)}${whisker}`,
    definition: `${of} Bar: accuracy on the test images at the end of training, mean over the seeds; line: one standard deviation over them to either side. Chance: always naming the most frequent class of the test images.`,
    summary: `${rows.map(({ name, accuracy }) => `${name}: ${spreadText(accuracy)}`).join('; ')}.`,
    ...accuracyBars(
      rows.map(({ name, colour, accuracy }) => ({
        ...{ name, colour, mean: accuracy.mean, words: spreadText(accuracy) },
        ...(accuracy.std !== undefined && { std: accuracy.std })
      })),
      rows[0]?.accuracy.chance
    )
  }
}
