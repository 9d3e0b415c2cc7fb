import type { ExperimentKind, Outcome, OutcomePart, ResultTable } from '../experiment/kind'
import { bestSentence } from '../experiment/kinds/training'
import { ENOUGH_SEEDS } from '../experiment/results'
import { resultRows } from '../explanation/result-rows'
import type { Figure } from '../figure/figure'
import { listText } from '../figure/words'
import { trainingFigure } from '../figure/training'
import type { FittedPreprocessing } from '../preprocessing/preprocessing'
import type { RunRecord } from '../study/run'
import { studyElement } from '../study/embedded'
import { writeStudy } from '../study/study'
import type { Study } from '../study/study'
import { counted, lowerFirst, upperFirst } from '../text'
import { codeHtml } from './code'
import { definitionsOf } from './definitions'
import type { Definition } from './definitions'
import { reportedExperiments, trainedRuns } from './experiments'
import type { ReportedExperiment } from './experiments'
import { Html, markup } from './html'
import type { Content } from './html'
import { REPORT_STYLE, typefaceStyle } from './style'
import {
  pairsHtml,
  provenancePairs,
  resultsTable,
  runsTable,
  settingsTables,
  sourcesTable,
  tableHtml,
  trainerOf
} from './tables'

export interface ReportParts {
  readonly study: Study
  /** what is told of the images themselves; absent where they are not at hand */
  readonly images?: {
    readonly tables: readonly ResultTable[]
    readonly figures: readonly Figure[]
    /** of the choices that are advised */
    readonly fitted: readonly FittedPreprocessing[]
  }
  /** Inter as a data: URL, so that words are as wide as they were measured; absent: the reader's own */
  readonly typeface?: string
  /** tests bring their own */
  readonly kinds?: readonly ExperimentKind[]
  /** a figure as SVG; its ids begin as told, for all stand on one page */
  readonly draw: (figure: Figure, ids: string) => string
}

interface Section {
  readonly id: string
  readonly title: string
  readonly content: Content
}

/** A study as one page that needs nothing else: it is read, printed, and opened again as a study. */
export function reportHtml({ study, images, kinds, typeface, draw }: ReportParts): string {
  const { dataset, runs, normscope, reproducible } = study
  const trained = trainedRuns(study, kinds)
  const reported = reportedExperiments(study, kinds)
  const shown: Figure[] = []
  const told: ResultTable[] = []
  const table = (one: ResultTable): Html => {
    told.push(one)
    return tableHtml(one)
  }
  const figureHtml = (figure: Figure, level: 3 | 4 = 3): Html => {
    shown.push(figure)
    const heading = new Html(`h${level}`)
    return markup`<figure>
<${heading}>${figure.title}</${heading}>
<p>${figure.subtitle}</p>
${new Html(draw(figure, `figure-${shown.length}`))}
</figure>
`
  }
  const partHtml = ({ title, verdict, sentence, figures, tables }: OutcomePart): Content => [
    markup`<h3>${title}</h3>
<p><strong>${upperFirst(verdict)}.</strong> ${sentence}</p>
`,
    figures.map((figure) => figureHtml(figure, 4)),
    tables.map(table)
  ]
  /** part by part, then what belongs to none */
  const outcomeHtml = ({ parts = [], figures, tables, recommended }: Outcome): Content => {
    const of = <T>(pick: (part: OutcomePart) => readonly T[]) => new Set(parts.flatMap(pick))
    const [drawn, listed] = [of((part) => part.figures), of((part) => part.tables)]
    return [
      tables.filter((one) => !listed.has(one)).map(table),
      figures.filter((one) => !drawn.has(one)).map((figure) => figureHtml(figure)),
      parts.map(partHtml),
      recommended && codeHtml(recommended, images?.fitted ?? [])
    ]
  }
  const training = (['accuracy', 'loss', 'gradient-norm', 'zero-gradient'] as const).flatMap(
    (measure) => trainingFigure(trained, { measure, split: 'test' }) ?? []
  )
  const { shared, differing } = settingsTables({ ...study, runs: trained })
  const sections: readonly Section[] = [
    ...(trained.length > 0
      ? [
          {
            id: 'results',
            title: 'Results',
            content: [resultsHtml(trained, table), training.map((figure) => figureHtml(figure))]
          }
        ]
      : []),
    ...reported.map(({ name, question, runs: own, outcome }, i): Section => ({
      id: `experiment-${i + 1}`,
      title: name,
      content: [
        question && markup`<p class="second">${question}</p>`,
        markup`<p class="main">${outcome.sentence}</p>`,
        notesHtml(outcome.notes),
        outcomeHtml(outcome),
        settingsHtml(own)
      ]
    })),
    {
      id: 'pixels',
      title: 'Pixel values',
      content: images
        ? [images.tables.map(table), images.figures.map((figure) => figureHtml(figure))]
        : markup`<p>
            The images were not at hand when this report was written: their values are not shown.
          </p>`
    },
    {
      id: 'images',
      title: 'Images',
      content: [
        pairsHtml('Data set', provenancePairs(dataset)),
        dataset.sources.length > 0 && table(sourcesTable(dataset))
      ]
    },
    {
      id: 'settings',
      title: 'Settings',
      content: [
        shared.length > 0 &&
          pairsHtml(
            reported.length > 0 ? 'Settings of the runs in the results' : 'Settings of every run',
            shared
          ),
        differing && table(differing)
      ]
    },
    ...(runs.length > 0
      ? [
          {
            id: 'runs',
            title: 'Runs',
            content: [
              markup`<p>Trained by ${listText([...new Set(runs.map(trainerOf))])}.</p>`,
              runsTables(trained, reported).map(table),
              notesOf(study)
            ]
          }
        ]
      : [])
  ]
  const definitions: Section = {
    id: 'definitions',
    title: 'Definitions',
    content: definitionsHtml(definitionsOf(study, { figures: shown, tables: told, told: trained }))
  }
  const again: Section = {
    id: 'again',
    title: 'Open or repeat this study',
    content: markup`<p>
        This page holds its study. Normscope opens it as a study: drop it on the window, or name it
        in the command line.
      </p>
      <ul>
        <li><code>normscope study REPORT.html</code> says what it holds.</li>
        <li>
          <code>normscope reproduce-study REPORT.html</code> trains every run again and says whether
          the weights are the same.
        </li>
      </ul>
      <p>
        Written by Normscope ${normscope}. SHA-256 of the results:
        <span class="code">${reproducible}</span>
      </p>`
  }
  const style = typeface ? typefaceStyle(typeface) + REPORT_STYLE : REPORT_STYLE
  return pageOf(study, style, [...sections, definitions, again])
}

function pageOf(study: Study, style: string, sections: readonly Section[]): string {
  const { dataset, runs, choices } = study
  const title = `${dataset.name}: Normscope report`
  const counts = [
    counted(runs.length, 'run'),
    counted(choices.length, 'preprocessing choice'),
    endedText(study)
  ]
  // nothing is loaded and nothing runs, whatever a name in the study holds
  const policy = "default-src 'none'; style-src 'unsafe-inline'; font-src data:"
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="generator" content="Normscope ${study.normscope}" />
        <title>${title}</title>
        <style>${new Html(style)}</style>
      </head>
      <body>
        <header>
          <h1>${dataset.name}</h1>
          <p class="lead">Normscope report: ${counts.filter(Boolean).join(', ')}</p>
        </header>
        <nav aria-label="Contents">
          <ul>
            ${sections.map(({ id, title: name }) => markup`<li><a href="#${id}">${name}</a></li> `)}
          </ul>
        </nav>
        <main>
          ${sections.map(
            ({ id, title: name, content }) =>
              markup`<section aria-labelledby="${id}">
                <h2 id="${id}">${name}</h2>
                ${content}
              </section> `
          )}
        </main>
        ${new Html(studyElement(writeStudy(study)))}
      </body>
    </html> `
  return page.text
}

/** When the last run ended, in UTC: the page reads the same everywhere. */
function endedText({ runs }: Study): string {
  const ends = runs.flatMap(({ endedAt }) => endedAt ?? [])
  if (ends.length === 0) return ''
  const [day, time = ''] = new Date(Math.max(...ends)).toISOString().split('T')
  return `trained until ${day}, ${time.slice(0, 5)} UTC`
}

/** Each run once: those of the results, then those that each experiment adds. */
function runsTables(
  trained: readonly RunRecord[],
  reported: readonly ReportedExperiment[]
): ResultTable[] {
  const listed = new Set(trained)
  const more = reported.flatMap(({ name, runs }) => {
    const own = runs.filter((run) => !listed.has(run))
    for (const run of own) listed.add(run)
    return own.length > 0 ? [runsTable(own, `Seeds and weights: ${name}`)] : []
  })
  return trained.length > 0 ? [runsTable(trained), ...more] : more
}

/** What the runs of an experiment share, and in what they differ. */
function settingsHtml(runs: readonly RunRecord[]): Content {
  if (runs.length === 0) return undefined
  const { shared, differing } = settingsTables({ runs, configs: [] })
  const names = differing?.columns.slice(1).map(({ title }) => lowerFirst(title)) ?? []
  const told = shared.map(({ name, value }) => `${lowerFirst(name)}: ${value}`).join('; ')
  return markup`<p class="settings">
    ${counted(runs.length, 'run')}${names.length > 0 && `, which differ in ${listText(names)}`}.
    ${told.length > 0 && `${runs.length > 1 ? 'Alike: ' : ''}${told}.`}
  </p>`
}

function resultsHtml(runs: readonly RunRecord[], table: (one: ResultTable) => Html): Content {
  const rows = resultRows(runs)
  const fewest = Math.min(...rows.map(({ group }) => group.runs.length))
  return [
    rows.length > 1 && markup`<p class="main">${bestSentence(runs)}</p>`,
    markup`<ul>
      ${rows.map(
        ({ group, sentence }) =>
          markup`<li class="finding"><strong>${group.label}</strong>: ${sentence}</li> `
      )}
    </ul>`,
    rows.length > 1 && fewest < ENOUGH_SEEDS
      ? notesHtml([`With fewer than ${ENOUGH_SEEDS} seeds, differences may be chance.`])
      : undefined,
    table(resultsTable(runs))
  ]
}

function notesHtml(notes: readonly string[]): Content {
  return (
    notes.length > 0 &&
    markup`<ul class="notes">
      ${notes.map((note) => markup`<li>${note}</li> `)}
    </ul>`
  )
}

/** What the trainers said of the runs, each once. */
function notesOf({ runs }: Study): Content {
  return notesHtml([...new Set(runs.flatMap(({ notes }) => notes))])
}

function definitionsHtml(definitions: readonly Definition[]): Html {
  return markup`<dl>
    ${definitions.map(
      ({ term, text, formula, source }) =>
        markup`<dt>${term}</dt>
          <dd>
            ${formula ? markup`<code>${formula}</code> ` : undefined}${text}${source ? markup` <span class="second">Source: ${source}</span>` : undefined}
          </dd> `
    )}
  </dl>`
}
