import { z } from 'zod'
import { accuracyOf, lastEpoch } from '../../explanation/facts'
import { listText } from '../../figure/words'
import type { RunConfig } from '../../network/config'
import { canonicalJson } from '../../study/json'
import { runConfig } from '../../study/config-schema'
import { ENDED_STATUSES } from '../../study/run'
import type { RunRecord } from '../../study/run'
import { upperFirst } from '../../text'
import { configOf, VERDICTS } from '../claims/claim'
import type { Bench, Claim, Verdict, VerdictId } from '../claims/claim'
import { CLAIMS } from '../claims/claims'
import { CALLED_NORMALISATION } from '../claims/normalisation-is-unclear'
import { experimentKind, runOf } from '../kind'
import type { ExperimentFacts } from '../kind'
import { ENOUGH_SEEDS, endingNotes, hasLearned, seedNotes, seedsText } from '../results'
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

const LEANINGS: Readonly<Record<VerdictId, string>> = {
  true: 'holds here',
  false: 'does not hold here',
  depends: 'holds in part',
  undecided: VERDICTS.undecided,
  open: VERDICTS.open
}

/** Nothing is said of a claim while one of its runs has not ended, and nothing firm with few seeds. */
function judged(record: Claim, bench: Bench): Verdict {
  const ended = configsOf([record], bench).every((config) => {
    const run = runOf(bench.runs, config)
    return run && ENDED_STATUSES.includes(run.status)
  })
  if (!ended) return WAITING
  const verdict = record.judge(bench)
  const seeds = bench.seeds.length
  const drawn = ['true', 'false', 'depends'].includes(verdict.verdict)
  if (!drawn || seeds >= (record.fewestSeeds ?? ENOUGH_SEEDS)) return verdict
  const leaning = `With ${seedsText(seeds)} this is not decided; unless the differences are chance, the claim ${LEANINGS[verdict.verdict]}.`
  return {
    ...verdict,
    ...{ verdict: 'undecided', doubt: 'seeds', leaning: verdict.verdict },
    sentence: `${verdict.sentence} ${leaning}`
  }
}

/** 'not decided (one seed)' */
function verdictText({ verdict, doubt }: Verdict, { seeds }: Bench): string {
  if (doubt === undefined) return VERDICTS[verdict]
  const why = {
    seeds: seedsText(seeds.length),
    spread: `${seedsText(seeds.length)}, may be chance`,
    untrained: 'nothing was learned'
  }
  return `${VERDICTS[verdict]} (${why[doubt]})`
}

/** 'a' for the first: as the claims are called in tables and figures */
const letterOf = (at: number): string => `(${String.fromCharCode(97 + at)})`

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
    const verdicts = CLAIMS.map((record, at) => {
      const found = judged(record, bench)
      const titled = <T extends { readonly title: string }>(of: readonly T[] = []): T[] =>
        of.map((one) => ({ ...one, title: `${letterOf(at)} ${one.title}` }))
      return { record, found, figures: titled(found.figures), tables: titled(found.tables) }
    })
    const parts = verdicts.map(({ record, found, figures, tables }, at) => ({
      title: `${letterOf(at)} “${record.quote}”`,
      verdict: verdictText(found, bench),
      sentence: found.sentence,
      ...{ figures, tables }
    }))
    return {
      sentence: claimsSentence(verdicts.map(({ found }) => found)),
      figures: verdicts.flatMap(({ figures }) => figures),
      tables: [
        {
          title: 'Claims, and what these images say',
          columns: ['claim', 'verdict', 'measured'].map((title) => ({ title })),
          rows: parts.map(({ title, verdict, sentence }) => [title, verdict, sentence])
        },
        ...verdicts.flatMap(({ tables }) => tables)
      ],
      parts,
      notes: [
        ...endingNotes(configsOf(CLAIMS, bench), runs),
        ...uselessNotes(runs),
        ...seedNotes(ask.seeds.length)
      ],
      data: {
        claims: verdicts.map(({ record, found: { figures: _, tables: _tables, ...found } }) => ({
          ...{ id: record.id, quote: record.quote },
          ...found
        }))
      }
    }
  }
})

/** Networks that have learned nothing differ by chance alone. */
function uselessNotes(runs: readonly RunRecord[]): string[] {
  const finished = runs.filter(({ status }) => status === 'finished')
  const useless = finished.filter((run) => {
    const accuracy = accuracyOf(lastEpoch(run))
    return accuracy !== undefined && !hasLearned(accuracy, run)
  })
  return useless.length === 0
    ? []
    : [
        `${useless.length} of ${finished.length} networks are no better than always naming the most frequent class: no verdict is drawn from differences among them.`
      ]
}

/** How many are what; the claims themselves stand in the table. */
function claimsSentence(verdicts: readonly { readonly verdict: VerdictId }[]): string {
  const count = (id: VerdictId): number => verdicts.filter(({ verdict }) => verdict === id).length
  const parts = (['true', 'false', 'depends', 'undecided', 'open'] as const).flatMap((id) => {
    const found = count(id)
    if (found === 0) return []
    const words = {
      true: 'hold here',
      false: 'do not',
      depends: 'depend',
      undecided: 'are not decided',
      open: 'are not measured'
    }
    const one = {
      true: 'holds here',
      false: 'does not',
      depends: 'depends',
      undecided: 'is not decided',
      open: 'is not measured'
    }
    return [`${found} ${(found === 1 ? one : words)[id]}`]
  })
  return upperFirst(`of ${verdicts.length} claims, ${listText(parts)}.`)
}
