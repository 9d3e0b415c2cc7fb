import type { ResultTable } from '../experiment/kind'
import { resultRows } from '../explanation/result-rows'
import { NOT_FINITE_LABEL, NOT_FINITE_WORDS } from '../format/not-finite'
import { pictureWords } from '../format/pictures'
import { grouped, percent, points } from '../numbers'
import { groupRuns } from '../study/groups'
import type { RunRecord } from '../study/run'
import { pathLines } from '../study/opened-from'
import type { Provenance, Study } from '../study/study'
import { markup } from './html'
import type { Html } from './html'
import { settingsOf } from './settings'
import type { Told } from './settings'

/** A table of so few rows stands on one page of paper. */
const SHORT = 12

/** A hash is broken where its column ends; words are not. */
const HASH = /^[0-9a-f]{64}$/
const HASH_LOOK = markup` class="code"`

export function tableHtml({ title, columns, rows }: ResultTable): Html {
  const look = (right: boolean | undefined): Html => markup`${right && markup` class="right"`}`
  return markup`<div class="table${rows.length <= SHORT && ' short'}" role="group" aria-label="${title}" tabindex="0">
    <table>
      <caption>${title}</caption>
      <thead>
        <tr>
          ${columns.map((column) => markup`<th scope="col"${look(column.right)}>${column.title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            markup`<tr>
              ${cells.map((cell, at) =>
                at === 0
                  ? markup`<th scope="row"${look(columns[at]?.right)}>${cell}</th>`
                  : markup`<td${HASH.test(cell) ? HASH_LOOK : look(columns[at]?.right)}>${cell}</td>`
              )}
            </tr> `
        )}
      </tbody>
    </table>
  </div>`
}

/** Names with their values, one row each. */
export function pairsHtml(title: string, pairs: readonly Told[]): Html {
  return markup`<div class="table">
    <table class="pairs">
      <caption>${title}</caption>
      <tbody>
        ${pairs.map(
          ({ name, value }) =>
            markup`<tr>
              <th scope="row">${name}</th>
              <td>${value}</td>
            </tr> `
        )}
      </tbody>
    </table>
  </div>`
}

/** The images: what they are and where they came from. */
export function provenancePairs(images: Provenance): Told[] {
  const { height, width, channels, dtype, trainCount, testCount, classNames, heldOut } = images
  const test = testCount === undefined ? 'none' : grouped(testCount)
  return [
    { name: 'Name', value: images.name },
    { name: 'Format', value: images.format },
    { name: 'Image', value: `${height} × ${width} × ${channels}, ${dtype}` },
    { name: 'Training images', value: grouped(trainCount) },
    { name: 'Test images', value: test },
    ...(heldOut
      ? [
          {
            name: 'Held out',
            value: `${percent(heldOut.fraction, 0)} of the training images for testing, seed ${heldOut.seed}`
          }
        ]
      : []),
    { name: `Classes (${classNames.length})`, value: classNames.join(', ') },
    ...(images.openedFrom
      ? [{ name: 'Opened from', value: pathLines(images.openedFrom.paths) }]
      : []),
    ...(images.openedFrom?.pictures
      ? [{ name: 'Picture files', value: pictureWords(images.openedFrom.pictures) }]
      : []),
    ...(images.openedFrom?.notFinite
      ? [{ name: NOT_FINITE_LABEL, value: NOT_FINITE_WORDS[images.openedFrom.notFinite] }]
      : []),
    { name: 'Content', value: images.id },
    ...images.warnings.map((value) => ({ name: 'Note', value }))
  ]
}

export function sourcesTable({ sources }: Provenance): ResultTable {
  return {
    title: 'Files',
    columns: [{ title: 'file' }, { title: 'bytes', right: true }, { title: 'SHA-256' }],
    rows: sources.map(({ path, bytes, sha256 }) => [path, grouped(bytes), sha256])
  }
}

const share = (value: number | undefined): string => percent(value)

/** One row a configuration, best first, means over its seeds. */
export function resultsTable(runs: readonly RunRecord[]): ResultTable {
  const columns = [
    'seeds',
    'accuracy',
    '± seeds',
    'balanced',
    'chance',
    'trapped',
    'learned',
    'dead units'
  ]
  return {
    title: 'Accuracy at the end, mean over seeds',
    columns: [
      { title: 'configuration' },
      ...columns.map((title) => ({ title, right: true })),
      { title: 'finding' }
    ],
    rows: resultRows(runs).map((row) => [
      row.group.label,
      String(row.count || row.group.runs.length),
      share(row.accuracy),
      row.spread === undefined ? '–' : points(row.spread),
      share(row.balanced),
      share(row.chance),
      share(row.trapped),
      share(row.learned),
      share(row.dead),
      row.finding?.name ?? '–'
    ])
  }
}

/** 'tensorflow 2.21.0' */
export const trainerOf = ({ backend, tensorflowVersion }: RunRecord): string =>
  [backend, tensorflowVersion].filter(Boolean).join(' ') || '–'

/** Runs, with what another training of them must give again. */
export function runsTable(runs: readonly RunRecord[], title = 'Seeds and weights'): ResultTable {
  const trainers = new Set(runs.map(trainerOf))
  return {
    title,
    columns: [
      { title: 'configuration' },
      { title: 'seed', right: true },
      { title: 'ended' },
      { title: 'accuracy', right: true },
      ...(trainers.size > 1 ? [{ title: 'trained by' }] : []),
      { title: 'SHA-256 of the weights' }
    ],
    rows: groupRuns(runs).flatMap(({ label, all }) =>
      all.map((run) => [
        label,
        String(run.config.seed),
        run.status,
        share(run.epochs.at(-1)?.testAccuracy ?? run.epochs.at(-1)?.trainAccuracy),
        ...(trainers.size > 1 ? [trainerOf(run)] : []),
        run.weightsSha256 ?? '–'
      ])
    )
  }
}

/** What all configurations share, and a table of what they do not. */
export function settingsTables({
  runs,
  configs
}: Pick<Study, 'configs'> & { readonly runs: readonly RunRecord[] }): {
  readonly shared: readonly Told[]
  readonly differing?: ResultTable
} {
  const groups = groupRuns(runs)
  const named =
    groups.length > 0
      ? groups.map(({ label, config }) => ({ label, told: settingsOf(config) }))
      : configs.map((config) => ({ label: config.choice.id, told: settingsOf(config) }))
  const [first] = named
  if (!first) return { shared: [] }
  const names = [...new Set(named.flatMap(({ told }) => told.map(({ name }) => name)))]
  const valueOf = (told: readonly Told[], name: string): string =>
    told.find((each) => each.name === name)?.value ?? '–'
  const differs = (name: string): boolean =>
    new Set(named.map(({ told }) => valueOf(told, name))).size > 1
  const differing = names.filter(differs)
  return {
    shared: first.told.filter(({ name }) => !differs(name)),
    ...(differing.length > 0 && {
      differing: {
        title: 'Settings that differ',
        columns: [{ title: 'configuration' }, ...differing.map((title) => ({ title }))],
        rows: named.map(({ label, told }) => [
          label,
          ...differing.map((name) => valueOf(told, name))
        ])
      }
    })
  }
}
