// The licences of everything that the app is made of, as package-lock.json has them.
import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { inProject } from './paths.mjs'

/** @typedef {{name: string, version: string, licence: string}} Licence */

/** Not from npm. @type {readonly Licence[]} */
const OTHERS = [
  { name: 'Fashion-MNIST', version: '2017', licence: 'MIT' },
  { name: 'libtensorflow', version: '2', licence: 'Apache-2.0' }
]

const IMPORT = /(?:from|import)\s*\(?\s*['"]([^'".][^'"]*)['"]/g

/** Packages that a source text imports, by name. */
export function importedPackages(text) {
  return [...text.matchAll(IMPORT)]
    .map(([, path]) => path)
    .filter((path) => !path.startsWith('node:') && !builtinModules.includes(path))
    .map((path) =>
      path
        .split('/')
        .slice(0, path.startsWith('@') ? 2 : 1)
        .join('/')
    )
}

/**
 * Packages with all that they need, each once, by name.
 * @param licenceIn what an installed package says itself; undefined where it is not installed
 */
export function packagesOf(roots, lock, licenceIn) {
  const found = new Map()
  const waiting = roots.map((name) => [name, ''])
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const place = placeOf(...next, lock)
    if (place === undefined || found.has(place)) continue
    const entry = lock.packages[place]
    const own = licenceIn(place)
    // made for another system
    if (own === undefined) continue
    const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)
    found.set(place, {
      name,
      version: entry.version,
      licence: inText(entry.license) ? own : (entry.license ?? own)
    })
    const needed = { ...entry.dependencies, ...entry.optionalDependencies }
    waiting.push(...Object.keys(needed).map((each) => [each, place]))
  }
  const unique = new Map([...found.values()].map((one) => [`${one.name} ${one.version}`, one]))
  return [...unique.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

/** As Node looks for a package: in the folder of whoever needs it, and above. */
function placeOf(name, from, { packages }) {
  for (
    let folder = from;
    ;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))
  ) {
    const place = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`
    if (packages[place]) return place
    if (folder === '') return undefined
  }
}

/** How the texts of licences begin, or go on, that packages give in place of a name. */
const TEXTS = [
  { begins: /^MIT License\b/, name: 'MIT' },
  // HDF5, which is in it, has one of the BSD kind
  {
    begins:
      /NIST-developed software is provided by NIST as a public service[^]*HDF5 Copyright statement/,
    name: 'NIST-Software AND BSD-3-Clause'
  }
]

/** Whether a licence is named by the file that holds its text. */
const inText = (named) => /^SEE LICENSE IN /.test(named ?? '')

/** A package that names its licence only by the text of it. */
function licenceText(place, file = 'LICENSE') {
  const text = readFileSync(inProject(place, file), 'utf8')
  return TEXTS.find(({ begins }) => begins.test(text))?.name ?? 'not named'
}

/** @returns {string | undefined} */
function licenceInstalled(place) {
  try {
    const { license, licenses } = JSON.parse(readFileSync(inProject(place, 'package.json'), 'utf8'))
    const named = license?.type ?? license ?? licenses?.[0]?.type
    const [, file] = /^SEE LICENSE IN (.+)$/.exec(named ?? '') ?? []
    return named === undefined || file ? licenceText(place, file) : named
  } catch {
    return undefined
  }
}

/** @returns {Licence[]} */
export function licences() {
  const lock = JSON.parse(readFileSync(inProject('package-lock.json'), 'utf8'))
  const sources = readdirSync(inProject('src'), { recursive: true }).filter((file) =>
    /\.(ts|svelte|css)$/.test(file)
  )
  const imported = sources.flatMap((file) =>
    importedPackages(readFileSync(join(inProject('src'), file), 'utf8'))
  )
  const known = new Set(Object.keys(lock.packages))
  const roots = [...new Set(imported)].filter((name) => known.has(`node_modules/${name}`))
  return [...OTHERS, ...packagesOf([...roots, 'electron'], lock, licenceInstalled)]
}
