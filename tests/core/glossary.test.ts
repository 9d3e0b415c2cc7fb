import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { GLOSSARY, termOf, termTitled } from '../../src/core/glossary'
import type { Term } from '../../src/core/glossary'
import { lowerFirst, upperFirst } from '../../src/core/text'

const science = readFileSync('docs/SCIENCE.md', 'utf8')

/** Sources below a folder, by their path. */
function sources(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return new Map(
    paths
      .filter((path) => /\.(ts|svelte)$/.test(path))
      .map((path) => [path, readFileSync(join(folder, path), 'utf8')])
  )
}
const quoted = (text: string): string[] => [...text.matchAll(/'([^']*)'/g)].map(([, word]) => word!)

/** Titles of columns as the code of tables writes them. */
function titlesIn(code: string): string[] {
  const lists = code.matchAll(/(?:titles|columns|right|TITLES) = \[([^\]]*)\]/g)
  const mapped = code.matchAll(/\[([^[\]]*)\]\.map\(\(title\)/g)
  const single = code.matchAll(/\{ title: '([^']*)'/g)
  return [
    ...[...lists, ...mapped].flatMap(([, list]) => quoted(list!)),
    ...[...single].map(([, one]) => one!)
  ]
}

const renderer = [...sources('src/renderer').values()].join('\n')
const tables = ['src/core/experiment', 'src/core/report', 'src/main/engine/figures']
  .flatMap((folder) => [...sources(folder).values()])
  .filter((code) => code.includes('columns'))
const titles = [...new Set(tables.flatMap(titlesIn))]

/** Titles that say what a row is or was set to: nothing is measured there. */
const ROWS = [
  'configuration',
  'choice',
  'setting',
  'Switch',
  'seed',
  'seeds',
  'Seed',
  'As it was',
  'activation',
  'trained under',
  'epoch',
  'layer',
  'units',
  'claim'
]
const FACTS = [
  'file',
  'bytes',
  'SHA-256',
  'ended',
  'trained by',
  'images',
  'called so by',
  'verdict',
  'measured',
  'difference',
  'changed',
  'input scale'
]
/** of E[x xᵀ], as the caption of their table says; and rates at which theory puts the limit */
const EIGENVALUES = ['largest', 'smallest not 0', 'that are 0']
const RATES = ['2 / largest', 'over seeds', 'times largest']
const PLAIN = [...ROWS, ...FACTS, ...EIGENVALUES, ...RATES]

describe('the glossary', () => {
  it('has every term that a table of the window shows', () => {
    const shown = [...renderer.matchAll(/<Term id="([^"]*)"/g)].map(([, id]) => id)
    for (const id of shown) expect(GLOSSARY.map((term) => term.id)).toContain(id)
    expect(renderer).toContain('<Term {id} />')
  })

  it('has every number that a column of a result is titled with', () => {
    expect(titles.length).toBeGreaterThan(20)
    expect(titles.filter((title) => !termTitled(title) && !PLAIN.includes(title))).toEqual([])
    expect(PLAIN.filter((word) => !titles.includes(word))).toEqual([])
  })

  it('has nothing that no screen shows', () => {
    const titled = new Set(titles.map((title) => termTitled(title)?.id))
    const isShown = (id: string): boolean =>
      titled.has(id as never) || renderer.includes(`'${id}'`) || renderer.includes(`id="${id}"`)
    const unused = GLOSSARY.filter(({ id }) => !isShown(id))
    expect(unused.map(({ id }) => id)).toEqual([])
  })

  it('tells one term from another by id and title', () => {
    const names = GLOSSARY.flatMap(({ name, also = [] }: Term) => [name, ...also])
    expect(new Set(names).size).toBe(names.length)
    expect(new Set(GLOSSARY.map(({ id }) => id)).size).toBe(GLOSSARY.length)
    expect(termTitled('Accuracy')).toBe(termOf('accuracy'))
    expect(termTitled('choice')).toBeUndefined()
  })

  it.each(GLOSSARY.map((term): [string, Term] => [term.name, term]))(
    '%s is defined in docs/SCIENCE.md in the same words, and its source is named there',
    (name, { definition, source }) => {
      const entry = `**${upperFirst(name)}**: `
      const at = science.indexOf(entry)
      expect(at, `docs/SCIENCE.md has no entry ${entry}`).toBeGreaterThan(-1)
      const told = science.slice(at + entry.length)
      const words = lowerFirst(definition).replace(/\.$/, '')
      expect(told.slice(0, words.length)).toBe(words)
      const [author = '', year = ''] = source?.match(/^\w+|\d{4}/g) ?? []
      expect(science.slice(science.indexOf('## Sources'))).toMatch(
        new RegExp(`${author}[^.]*${year}`)
      )
    }
  )
})

describe('the figures', () => {
  /** what their ids begin with: 'training-', 'switches' */
  const ids = [...sources('src/core')].flatMap(([, code]) =>
    [
      ...code.matchAll(
        /\bid: (?:[^,\n]* : )?[`']([a-z][a-z-]*)[^\n]*,\n\s+title: [^\n]*\n\s+subtitle\b/g
      )
    ].map(([, id]) => id!)
  )

  it('are told in docs/SCIENCE.md, each with where its definition is from', () => {
    expect(ids.length).toBeGreaterThan(10)
    const table = science.slice(science.indexOf('## Figures'), science.indexOf('## Sources'))
    const told = [...table.matchAll(/^\| `([^`]*)` +\|[^|]+\|([^|]+)\|$/gm)]
    expect(told.map(([, id]) => id).sort()).toEqual([...new Set(ids)].sort())
    for (const [, , from] of told) expect(from!.trim()).not.toBe('')
  })
})
