import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NormscopeError } from '../../../src/core/error'
import { LAYERS } from '../../../src/core/network/layers/list'
import { parseLayers } from '../../../src/core/network/layers/text'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import { canonicalJson, readJson, writeJson } from '../../../src/core/study/json'
import type { RunRecord } from '../../../src/core/study/run'
import {
  createStudy,
  parseStudy,
  reproducibleText,
  writeStudy
} from '../../../src/core/study/study'
import type { Study } from '../../../src/core/study/study'
import { dataset, run, sha256 } from './small-study'

function record(changes: Partial<RunRecord> = {}): RunRecord {
  const own = {
    config: TUTORIAL_CONFIG,
    notes: [],
    tensorflowVersion: '2.21.0',
    imagesPerSecond: 100
  }
  return { ...run, ...own, ...changes }
}

function study(runs: readonly RunRecord[] = [record()], images = dataset): Study {
  return createStudy(
    { normscope: '0.1.0', dataset: images, choices: [{ id: 'unit' }], runs },
    sha256
  )
}

function codeOf(work: () => unknown): string {
  try {
    work()
  } catch (thrown) {
    if (thrown instanceof NormscopeError) return thrown.facts.code
    throw thrown
  }
  return 'nothing was thrown'
}

describe('a study file', () => {
  it('gives back what was written', () => {
    const written = study()
    expect(parseStudy(writeStudy(written), sha256)).toEqual(written)
  })

  it('keeps the infinite loss of a diverged run, which JSON cannot hold', () => {
    const [epoch] = record().epochs
    const runs = [
      record({ status: 'diverged', epochs: [{ ...epoch!, trainLoss: Infinity, testLoss: NaN }] })
    ]
    const [read] = parseStudy(writeStudy(study(runs)), sha256).runs
    expect(read!.epochs[0]!.trainLoss).toBe(Infinity)
    expect(read!.epochs[0]!.testLoss).toBeNaN()
  })

  it('is read without a parameter that a later version has, at its default and unharmed', () => {
    const { leakySlope, ...before } = TUTORIAL_CONFIG
    const old = study([record({ config: before as typeof TUTORIAL_CONFIG })])
    expect(parseStudy(writeStudy(old), sha256).runs[0]?.config.leakySlope).toBe(leakySlope)
  })
  it('is read as before several files could be one data set', () => {
    const opened = { ...dataset, openedFrom: { paths: ['/data/x.npy'], labelsPath: '/data/y.npy' } }
    const now = writeStudy(study([record()], opened))
    const old = now.replace(/"paths": \[\s*("[^"]+")\s*\]/, '"path": $1')
    expect(old).toContain('"path": "/data/x.npy"')
    expect(parseStudy(old, sha256)).toEqual(parseStudy(now, sha256))
  })

  it('gives back every kind of layer, with its options and activation', () => {
    const text =
      'bn/m0.9/e1e-5,conv5x5-6/s2/valid/nobias,lecun-tanh,pool3/s2/same,residual-8/s2,avgpool2,ln,relu,gap,flatten,dropout-0.25,dense-4/nobias'
    const layers = parseLayers(text)
    // a convolution, a residual block, a dense layer and the output have a kernel
    const ones = [1, 1, 1, 1]
    const config = {
      ...TUTORIAL_CONFIG,
      layers,
      ...{ initFactors: ones, stepFactors: ones, epsilonFactors: ones, decayFactors: ones }
    }
    const [read] = parseStudy(writeStudy(study([record({ config })])), sha256).runs
    expect(read?.config.layers).toEqual(layers)
    expect(new Set(layers.map(({ kind }) => kind)).size).toBe(LAYERS.length)
  })

  it('of an earlier version has dense layers of so many units', () => {
    const { layers: _, ...before } = TUTORIAL_CONFIG
    const old = study([record({ config: { ...before, hidden: [128] } as never })])
    expect(parseStudy(writeStudy(old), sha256).runs[0]?.config).toEqual(TUTORIAL_CONFIG)
  })

  it('with a layer that there is not is refused', () => {
    const layers = [{ kind: 'capsule', units: 8 }]
    const odd = study([record({ config: { ...TUTORIAL_CONFIG, layers } as never })])
    expect(codeOf(() => parseStudy(writeStudy(odd), sha256))).toBe('damaged-study')
  })

  it('leaves out runs that have not ended', () => {
    const runs = [record(), record({ id: 'run-2', status: 'running' })]
    expect(study(runs).runs.map(({ id }) => id)).toEqual(['run-1'])
  })

  it('says that a text which is not JSON is no study', () => {
    expect(codeOf(() => parseStudy('choices,accuracy\n', sha256))).toBe('not-a-study')
  })

  it('says that JSON without a version is no study', () => {
    for (const text of ['{"name":"other"}', '[]', 'null', '3']) {
      expect(
        codeOf(() => parseStudy(text, sha256)),
        text
      ).toBe('not-a-study')
    }
  })

  it('refuses a later version instead of guessing', () => {
    const later = JSON.stringify({ ...study(), version: 2 })
    expect(codeOf(() => parseStudy(later, sha256))).toBe('unknown-study-version')
  })

  it('names the part that is missing or wrong', () => {
    const { dataset: _, ...without } = study()
    expect(codeOf(() => parseStudy(JSON.stringify(without), sha256))).toBe('damaged-study')
    const text = writeStudy(study()).replace('"batch": 32', '"batch": -1')
    expect(() => parseStudy(text, sha256)).toThrow(/batch/)
  })

  it('notices a result that was changed after it was written', () => {
    const text = writeStudy(study()).replace('"testAccuracy": 0.5', '"testAccuracy": 0.9')
    expect(codeOf(() => parseStudy(text, sha256))).toBe('damaged-study')
  })
})

describe('the reproducible hash', () => {
  it('does not depend on clocks, rates, names or the order in which runs ended', () => {
    const unit = record()
    const raw = record({ id: 'run-2', config: { ...TUTORIAL_CONFIG, choice: { id: 'raw' } } })
    const again = [raw, unit].map((run): RunRecord => ({
      ...run,
      id: `${run.id}-again`,
      createdAt: 5,
      endedAt: 6,
      imagesPerSecond: 7,
      epochs: run.epochs.map((epoch) => ({ ...epoch, seconds: 9, imagesPerSecond: 1 }))
    }))
    expect(study(again).reproducible).toBe(study([unit, raw]).reproducible)
  })

  it.each([
    ['weights', { weightsSha256: 'd'.repeat(64) }],
    ['configuration', { config: { ...TUTORIAL_CONFIG, seed: 1 } }],
    ['outcome', { status: 'diverged' as const }]
  ])('depends on the %s', (_, changes) => {
    expect(study([record(changes)]).reproducible).not.toBe(study().reproducible)
  })

  it('depends on the images', () => {
    const other = { ...study(), dataset: { ...dataset, id: 'e'.repeat(64) } }
    expect(reproducibleText(other)).not.toBe(reproducibleText(study()))
  })
})

describe('canonical JSON', () => {
  it('orders keys at every depth and drops what is undefined', () => {
    const value = { b: [{ z: 1, y: undefined, x: null }], a: 'é' }
    expect(canonicalJson(value)).toBe('{"a":"é","b":[{"x":null,"z":1}]}')
  })

  it('is the same for any order of the keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse())
        expect(canonicalJson(turned)).toBe(canonicalJson(value))
      })
    )
  })

  it('keeps every double through writing and reading', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        // JSON writes -0 as 0
        const expected = Object.is(value, -0) ? 0 : value
        expect(readJson(writeJson({ value }))).toEqual({ value: expected })
      })
    )
  })
})
