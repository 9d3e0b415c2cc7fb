// How time and memory grow: opening and summarising 1,000 to 1,000,000 images, and training networks of
// 1 to two times 512 hidden units. Exponents are fitted by least squares of the logarithms. The pictures
// of docs/PERFORMANCE.md are drawn by the app's own figures, and the sentences beside them are written here.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundled } from './bundle.mjs'
import { powerLaw } from './growth/fit.mjs'
import { writeTiled } from './growth/tiled.mjs'
import { inProject } from './paths.mjs'
import { withBetween } from './record.mjs'
import { median } from './rounds.mjs'
import { number } from './rows.mjs'
import { run } from './run.mjs'
import { trained } from './training/trained.mjs'

const COUNTS = [1000, 10_000, 60_000, 100_000, 1_000_000]
const UNITS = [[1], [8], [32], [128], [512], [512, 512]]
const TRAINING = { images: 20_000, batch: 32, epochs: 3 }

/** A quick run goes without the million. */
const countsOf = (quick) => (quick ? COUNTS.slice(0, -1) : COUNTS)

const imagesName = (count) => `${number(count, 0)} images`
const unitsName = (units) => `${units.join('-')} hidden ${units.at(-1) === 1 ? 'unit' : 'units'}`
const layersOf = (units) => units.map((count) => `dense-${count}`).join(',')

/** Weights and biases of the dense network behind 784 pixels, with ten classes. */
function weightsOf(units) {
  const sizes = [784, ...units, 10]
  return sizes.slice(1).reduce((sum, size, at) => sum + size * (sizes[at] + 1), 0)
}

const row = (what, of, measure) => ({ what: `${what}, ${of}`, of, measure })

export default {
  name: 'growth',
  title: 'Growth',
  rounds: 3,
  quickRounds: 1,
  measures: { opening: { unit: 's', digits: 3 }, summary: { unit: 's', digits: 3 } },
  rows: ({ quick }) => [
    ...countsOf(quick)
      .map(imagesName)
      .flatMap((of) => [
        row('opening', of, 'opening'),
        row('summary', of, 'summary'),
        row('memory', of, 'megabytes')
      ]),
    ...UNITS.map(unitsName).flatMap((of) => [
      row('training', of, 'rate'),
      row('memory of the trainer', of, 'megabytes')
    ])
  ],
  async prepare({ folder, quick }) {
    const program = await bundled('growth/normscope.ts')
    const counts = countsOf(quick)
    await writeTiled(folder, process.env.NORMSCOPE_FASHION_MNIST, counts)
    const sets = counts.map((count) => [imagesName(count), () => opened(program, folder, count)])
    const nets = UNITS.map((units) => [
      unitsName(units),
      () => trained({ ...TRAINING, layers: layersOf(units) })
    ])
    return Object.fromEntries([...sets, ...nets])
  },
  async result(found, context) {
    const curves = [...curvesOfImages(found), ...curvesOfNetworks(found)]
    await draw(curves, context.folder)
    const page = inProject('docs', 'PERFORMANCE.md')
    const markers = ['<!-- growth -->', '<!-- end of growth -->']
    writeFileSync(page, withBetween(readFileSync(page, 'utf8'), sentences(curves), markers))
  }
}

async function opened(program, folder, count) {
  const store = join(folder, 'store')
  try {
    return await run(process.execPath, [program, join(folder, String(count)), store])
  } finally {
    rmSync(store, { recursive: true, force: true })
  }
}

/** A line of a picture: medians, their spread over rounds, and the power law through the medians. */
function seriesOf(found, label, names, x, measure) {
  const values = names.map((name) => found[name].map((round) => round[measure]))
  const y = values.map(median)
  const { exponent, error, at } = powerLaw(x, y)
  const [low, high] = [Math.min, Math.max].map((end) => values.map((all) => end(...all)))
  return { label, x, y, low, high, fitted: x.map(at), exponent, error }
}

function curvesOfImages(found) {
  const names = COUNTS.map(imagesName)
  const of = (label, measure) => seriesOf(found, label, names, COUNTS, measure)
  const common = { x: 'images of 28 × 28 bytes', format: 'number', of: imagesName }
  return [
    {
      ...{
        ...common,
        id: 'growth-images-time',
        title: 'Time against images',
        y: 'seconds',
        unit: 's'
      },
      series: [of('opening, gzipped', 'opening'), of('summary', 'summary')]
    },
    {
      ...{
        ...common,
        id: 'growth-images-memory',
        title: 'Memory against images',
        y: 'MB at most',
        unit: 'MB'
      },
      series: [of('opening and summary', 'megabytes')]
    }
  ]
}

function curvesOfNetworks(found) {
  const names = UNITS.map(unitsName)
  const of = (label, measure) => seriesOf(found, label, names, UNITS.map(weightsOf), measure)
  const first = unitsName(UNITS[0])
  const last = unitsName(UNITS.at(-1))
  const ofWeights = (count) => `${number(count, 0)} weights`
  const common = { x: `weights, from ${first} to ${last}`, of: ofWeights }
  return [
    {
      ...{ ...common, id: 'growth-network-rate', title: 'Training against weights' },
      ...{ y: 'images per second', unit: 'images/s', format: 'count' },
      series: [of('training, one process', 'rate')]
    },
    {
      ...{ ...common, id: 'growth-network-memory', title: 'Memory against weights' },
      ...{ y: 'MB at most', unit: 'MB', format: 'number' },
      series: [of('trainer', 'megabytes')]
    }
  ]
}

function exponentOf({ exponent, error }) {
  const digits = error < 0.01 ? 3 : 2
  const [b, off] = [exponent, error].map((one) => one.toFixed(digits).replace('-', '−'))
  return `${b} ± ${off}`
}

/** One sentence about a picture: each line from its first place to its last. */
function sentence({ unit, of, series }) {
  const told = series.map((one) => {
    const [first, last] = [0, -1].map((at) => {
      const value = one.y.at(at)
      return `${number(value, value < 10 ? 3 : 0)} ${unit} with ${of(one.x.at(at))}`
    })
    return `${one.label}, ${first} and ${last}: exponent ${exponentOf(one)}`
  })
  return `${told.join('; ')}.`
}

const sentences = (curves) =>
  curves
    .flatMap((curve) => [
      `![${curve.title}](pictures/${curve.id}.svg)`,
      '',
      `${curve.title}: ${sentence(curve)}`,
      ''
    ])
    .join('\n')

async function draw(curves, folder) {
  const program = await bundled('growth/pictures.ts')
  const file = join(folder, 'curves.json')
  const told = curves.map((curve) => ({
    ...curve,
    subtitle: curve.series.map((one) => `${one.label}: b = ${exponentOf(one)}`).join('; '),
    summary: sentence(curve)
  }))
  writeFileSync(file, JSON.stringify(told))
  await run(process.execPath, [program, file, inProject('docs', 'pictures')])
}
