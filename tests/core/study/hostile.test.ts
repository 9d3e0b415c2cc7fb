import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NormscopeError } from '../../../src/core/error'
import { reportHtml } from '../../../src/core/report/report'
import { parseStudy, reproducibleText } from '../../../src/core/study/study'
import { sha256, studyText as text } from './small-study'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Every place in a value, as the keys that lead there. */
function placesIn(value: Json, above: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[...above]]
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  return [
    [...above],
    ...keys.flatMap((key) => placesIn((value as Record<string, Json>)[key]!, [...above, key]))
  ]
}
const places = placesIn(JSON.parse(text) as Json).filter(({ length }) => length > 0)

const odd: fc.Arbitrary<Json | undefined> = fc.constantFrom<Json | undefined>(
  ...[undefined, null, true, '', 'x'.repeat(10_000), '</script><script>', 'NaN', 'Infinity'],
  ...[0, -1, 0.5, 1e308, 2 ** 53, 4294967295, [], {}, [null], { length: -1 }, [[[[[]]]]]],
  ...['toString', '__proto__', 'constructor', '-Infinity', '/dev/zero', '//host/share']
)

/** With another value at a place, and the hash that fits. */
function changed(place: readonly (string | number)[], value: Json | undefined): string {
  const study = JSON.parse(text) as Record<string, Json>
  const last = place.at(-1)!
  const holder = place
    .slice(0, -1)
    .reduce<Json>((at, key) => (at as Record<string, Json>)[key]!, study) as Record<string, Json>
  if (value === undefined) delete holder[last]
  else
    Object.defineProperty(holder, last, {
      value,
      enumerable: true,
      configurable: true,
      writable: true
    })
  try {
    study.reproducible = sha256(reproducibleText(study as never))
  } catch {
    // it does not even have the parts that are hashed
  }
  return JSON.stringify(study)
}

function openedOrRefused(file: string): 'opened' | 'refused' {
  let study
  try {
    study = parseStudy(file, sha256, 'study.normscope')
  } catch (thrown) {
    if (!(thrown instanceof NormscopeError)) throw thrown
    expect(thrown.facts.message.length).toBeGreaterThan(30)
    return 'refused'
  }
  const page = reportHtml({ study, draw: () => '<svg></svg>' })
  expect(page.match(/<script/g)).toHaveLength(1)
  return 'opened'
}

describe('a study that somebody else has written', () => {
  it('is opened as it was made', () => {
    expect(openedOrRefused(text)).toBe('opened')
  })

  it('is opened or refused with any value anywhere, also where its hash is made to fit', () => {
    const counts = { opened: 0, refused: 0 }
    fc.assert(
      fc.property(fc.constantFrom(...places), odd, (place, value) => {
        counts[openedOrRefused(changed(place, value))]++
      }),
      { numRuns: 200, seed: 3 }
    )
    expect(counts.opened).toBeGreaterThan(20)
    expect(counts.refused).toBeGreaterThan(50)
  })

  it('is refused where it ended at no time that there is', () => {
    for (const value of [1e308, -1, 8.64e15 + 1]) {
      expect(openedOrRefused(changed(['runs', 0, 'endedAt'], value))).toBe('refused')
    }
  })

  it('is refused where its text is damaged', () => {
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.string({ maxLength: 3 }),
        fc.nat(20),
        (at, put, cut) => {
          openedOrRefused(text.slice(0, at) + put + text.slice(at + cut))
        }
      ),
      { numRuns: 150, seed: 3 }
    )
  })

  it('is refused where it is nested without end, or sets what all objects share', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    expect(openedOrRefused(deep)).toBe('refused')
    expect(openedOrRefused(text.replace('"dataset"', `"x": ${deep}, "dataset"`))).toBe('refused')
    openedOrRefused(text.replace('"dataset"', '"__proto__": {"polluted": 1}, "dataset"'))
    expect('polluted' in {}).toBe(false)
  })
})
