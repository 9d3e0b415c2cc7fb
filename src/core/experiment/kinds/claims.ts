import { z } from 'zod'
import { accuracyOf, lastEpoch } from '../../explanation/facts'
import { listText } from '../../figure/words'
import type { RunConfig } from '../../network/config'
import { canonicalJson } from '../../study/json'
import { runConfig } from '../../study/config-schema'
import { chanceOf, ENDED_STATUSES } from '../../study/run'
import type { RunRecord } from '../../study/run'
import { upperFirst } from '../../text'
import { configOf, VERDICTS } from '../claims/claim'
import type { Bench, Claim, Verdict, VerdictId } from '../claims/claim'
import { CLAIMS } from '../claims/claims'
import { CALLED_NORMALISATION } from '../claims/normalisation-is-unclear'
import { experimentKind, runOf } from '../kind'
import type { ExperimentFacts } from '../kind'
import { endingNotes, fewSeedsText, seedNotes } from '../results'
import { seedList } from '../seeds'

const askSchema = z.strictObject({ config: runConfig, seeds: seedList })
type Ask = z.infer<typeof askSchema>

const WAITING: Verdict = { verdict: 'open', sentence: 'Its runs have not ended.' }

function configsOf(claims: readonly Claim[], bench: Bench): RunConfig[] {
  const byKey = new Map<string, RunConfig>()
  for (const { cells } of claims) {
    for (const change of cells(bench)) {
      for (const seed of bench.seeds) {
        const config = configOf(bench, change, seed)
        byKey.set(canonicalJson(config), config)
      }
    }
  }
  return [...byKey.values()]
}

/** Nothing is said of a claim while one of its runs has not ended. */
function judged(record: Claim, bench: Bench): Verdict {
  const ended = configsOf([record], bench).every((config) => {
    const run = runOf(bench.runs, config)
    return run && ENDED_STATUSES.includes(run.status)
  })
  return ended ? record.judge(bench) : WAITING
}

const benchOf = (ask: Ask, facts: ExperimentFacts, runs: readonly RunRecord[]): Bench => ({
  ...ask,
  facts,
  runs
})

/** What people answer to the question, each asked of these images. */
export const CLAIMS_KIND = experimentKind({
  id: 'claims',
  name: 'What people claim',
  question: 'Which of the usual answers are true for these images and this network?',
  ask: askSchema,
  offer: ({ to, seeds }): Ask => ({ config: to, seeds }),
  fields: [{ key: 'seeds', type: 'seeds', name: 'Seeds', help: 'runs per network' }],
  choices: () => [{ id: 'raw' }, ...CALLED_NORMALISATION],
  needs: ['images'],
  images: ({ config: { limit, classes } }) => ({ limit, classes }),
  plan: (ask, facts, runs) => configsOf(CLAIMS, benchOf(ask, facts, runs)),
  outcome(ask, facts, runs) {
    const bench = benchOf(ask, facts, runs)
    const verdicts = CLAIMS.map((record) => ({ record, ...judged(record, bench) }))
    return {
      sentence: `${claimsSentence(verdicts)}${fewSeedsText(ask.seeds.length)}`,
      figures: verdicts.flatMap(({ figures }) => figures ?? []),
      tables: [
        {
          title: 'Claims, and what these images say',
          columns: ['claim', 'verdict', 'measured'].map((title) => ({ title })),
          rows: verdicts.map(({ record, verdict, sentence }) => [
            `“${record.quote}”`,
            VERDICTS[verdict],
            sentence
          ])
        },
        ...verdicts.flatMap(({ tables }) => tables ?? [])
      ],
      notes: [
        ...endingNotes(configsOf(CLAIMS, bench), runs),
        ...uselessNotes(runs),
        ...seedNotes(ask.seeds.length)
      ],
      data: {
        claims: verdicts.map(({ record, verdict, sentence, data }) => ({
          ...{ id: record.id, quote: record.quote, verdict, sentence },
          ...(data !== undefined && { data })
        }))
      }
    }
  }
})

/** Networks that have learned nothing differ by chance alone. */
function uselessNotes(runs: readonly RunRecord[]): string[] {
  const finished = runs.filter(({ status }) => status === 'finished')
  const useless = finished.filter((run) => {
    const [chance, accuracy] = [chanceOf(run), accuracyOf(lastEpoch(run))]
    return chance !== undefined && accuracy !== undefined && accuracy <= chance
  })
  return useless.length === 0
    ? []
    : [
        `${useless.length} of ${finished.length} networks are no better than always naming the most frequent class: differences among them say nothing.`
      ]
}

/** How many are what; the claims themselves stand in the table. */
function claimsSentence(verdicts: readonly { readonly verdict: VerdictId }[]): string {
  const count = (id: VerdictId): number => verdicts.filter(({ verdict }) => verdict === id).length
  const parts = (['true', 'false', 'depends', 'open'] as const).flatMap((id) => {
    const found = count(id)
    if (found === 0) return []
    const words = {
      true: 'hold here',
      false: 'do not',
      depends: 'depend',
      open: 'are not measured'
    }
    const one = {
      true: 'holds here',
      false: 'does not',
      depends: 'depends',
      open: 'is not measured'
    }
    return [`${found} ${(found === 1 ? one : words)[id]}`]
  })
  return upperFirst(`of ${verdicts.length} claims, ${listText(parts)}.`)
}
