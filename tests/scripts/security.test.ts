import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { importedPackages, licences, packagesOf } from '../../scripts/setup/licences.mjs'

const project = (...parts: string[]): string =>
  join(fileURLToPath(new URL('../..', import.meta.url)), ...parts)
const textOf = (...parts: string[]): string => readFileSync(project(...parts), 'utf8')

const page = textOf('docs', 'SECURITY.md')
/** File and title of every test that the page names. */
const named = [...page.matchAll(/`(tests\/[\w./-]+\.test\.ts)`: (.+?)\s*\|/g)].map(
  ([, file = '', title = '']) => ({ file, title })
)

describe('docs/SECURITY.md', () => {
  it('has all 20 points of the checklist of Electron, each with a test', () => {
    const points = [...page.matchAll(/^\| (\d+)\. .*\| `tests\/[^|]+\|$/gm)].map(([, number]) =>
      Number(number)
    )
    expect(points).toEqual(Array.from({ length: 20 }, (_, at) => at + 1))
  })

  it('names tests that there are', () => {
    expect(named.length).toBeGreaterThan(30)
    for (const { file, title } of named) {
      expect(existsSync(project(file)), file).toBe(true)
      expect(textOf(file).replaceAll(/\s+/g, ' '), `${file}: ${title}`).toContain(title)
    }
  })
})

const sources = readdirSync(project('src'), { recursive: true })
  .map(String)
  .filter((file) => /\.(ts|svelte|html)$/.test(file))

it('no source has a WebView, pop-ups, or hands an address to the system', () => {
  expect(sources.length).toBeGreaterThan(300)
  const forbidden = /<webview|allowpopups|openExternal|openPath|webviewTag|enableBlinkFeatures/
  const found = sources.filter((file) => forbidden.test(textOf('src', file)))
  expect(found).toEqual([])
})

it('no source evaluates text as a program or puts it into a page as HTML', () => {
  const forbidden =
    /(?<!\.)\beval\(|new Function\(|\{@html|innerHTML|insertAdjacentHTML|document\.write/
  const found = sources.filter((file) => forbidden.test(textOf('src', file)))
  expect(found).toEqual([])
})

it('Electron and every other package are pinned to exact versions', () => {
  const { dependencies, devDependencies } = JSON.parse(textOf('package.json')) as Record<
    string,
    Record<string, string>
  >
  // a package under another name has its own name before its version
  const versions = Object.entries({ ...dependencies, ...devDependencies }).map(
    ([name, version]) => [name, version.replace(/^npm:.+@/, '')] as const
  )
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
  const lock = JSON.parse(textOf('package-lock.json')) as {
    packages: Record<string, { version?: string; integrity?: string; optional?: boolean }>
  }
  expect(lock.packages['node_modules/electron']?.version).toBe(devDependencies!.electron)
  const unhashed = Object.entries(lock.packages).filter(
    ([place, { integrity, optional }]) => place !== '' && !optional && !integrity
  )
  expect(unhashed.map(([place]) => place)).toEqual([])
})

describe('the licences of what the app is made of', () => {
  it('are those of what sources import and of all that this needs', () => {
    expect(importedPackages("import a from 'a/b'\nimport '@c/d/e'\nimport './f'")).toEqual([
      'a',
      '@c/d'
    ])
    const packages = {
      'node_modules/a': { version: '1.0.0', license: 'MIT', dependencies: { b: '1', c: '1' } },
      'node_modules/a/node_modules/b': { version: '1.0.0', license: 'ISC' },
      'node_modules/b': { version: '2.0.0', license: 'Unlicense' },
      'node_modules/c': { version: '3.0.0', dependencies: { b: '2', other: '1' } },
      'node_modules/other': { version: '4.0.0' }
    }
    const own = (place: string) => (place.endsWith('other') ? undefined : 'of its own')
    expect(packagesOf(['a'], { packages }, own)).toEqual([
      { name: 'a', version: '1.0.0', licence: 'MIT' },
      { name: 'b', version: '2.0.0', licence: 'Unlicense' },
      { name: 'b', version: '1.0.0', licence: 'ISC' },
      { name: 'c', version: '3.0.0', licence: 'of its own' }
    ])
  })

  it('are permissive, and the fonts’ own', () => {
    const permissive =
      /^\(?(MIT|ISC|0BSD|Zlib|Unlicense|CC0-1\.0|Apache-2\.0|BSD-[23]-Clause|BlueOak-1\.0\.0|OFL-1\.1|Python-2\.0|NIST-Software)( (AND|OR) |\)|$)/
    const all = licences() as { name: string; licence: string }[]
    expect(all.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['electron', 'zod', 'ws', 'h5wasm'])
    )
    expect(all.filter(({ licence }) => !permissive.test(licence))).toEqual([])
  })
})
