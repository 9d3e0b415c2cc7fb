import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { powerLaw } from '../../bench/growth/fit.mjs'
import { GUARDED, heldRow } from '../../bench/guarded.mjs'
import { measured } from '../../bench/measure.mjs'
import { ORDER, available } from '../../bench/parts.mjs'
import { summaryOf, tablesOf, withBetween } from '../../bench/record.mjs'
import { interleaved, median } from '../../bench/rounds.mjs'
import { exitCodeOf, judged } from '../../bench/rows.mjs'
import { run, wholeNumbers } from '../../bench/run.mjs'

interface Held {
  readonly part: string
  readonly what: string
  readonly against: string
}

const given = (own: object[], peer: object[] = []) => ({
  found: { Normscope: own, peer },
  troubles: {}
})
const seconds = (...all: number[]) => all.map((one) => ({ seconds: one }))
const against = { what: 'work', of: 'Normscope', against: 'peer' }

describe('rounds', () => {
  it('have the middle of an odd number of values and the mean of the two middle ones of an even', () => {
    expect(median([9, 1, 4])).toBe(4)
    expect(median([8, 1, 4, 2])).toBe(3)
  })

  it('take contestants in turns, and one with fewer rounds rests', async () => {
    const order: string[] = []
    const named = (name: string) => (round: number) => {
      order.push(`${name}${round}`)
      return Promise.resolve({ seconds: 1 })
    }
    const once = { rounds: 1, run: named('once') }
    await interleaved(2, { a: named('a'), once, b: named('b') })
    expect(order).toEqual(['a1', 'once1', 'b1', 'a2', 'b2'])
  })

  it('go on without a contestant that fails and without one whose peer is missing', async () => {
    let calls = 0
    const { found, troubles } = await interleaved(
      3,
      {
        broken: () => Promise.reject(new Error('no memory\nat line 3')),
        absent: { needs: 'igzip', run: () => Promise.reject(new Error('was run')) },
        good: () => Promise.resolve({ seconds: ++calls })
      },
      { igzip: { missing: 'there is no apt' } }
    )
    expect(troubles).toEqual({
      broken: { state: 'failed', why: 'no memory' },
      absent: { state: 'missing', why: 'there is no apt' }
    })
    expect(found).toEqual({ good: seconds(1, 2, 3) })
  })
})

describe('a program', () => {
  it('that fails is told with its cause, not with the version that Node ends with', async () => {
    const program = 'const error = new Error("no picture came"); error.log = []; throw error'
    await expect(run(process.execPath, ['-e', program])).rejects.toThrow(
      /^exit code 1: Error: no picture came\n/
    )
  })
})

describe('rows', () => {
  it('compare medians: so many times as fast, with time and with a rate', () => {
    const times = given(seconds(2, 1, 9), seconds(10, 4, 6))
    expect(judged({ ...against, faster: 3 }, times)).toEqual({
      ...{ what: 'work', against: 'peer', own: '1.000, 2.000, 9.000 s' },
      ...{ peer: '4.000, 6.000, 10.000 s', goal: 'at least 3 times' },
      ...{ ratio: '3.00 times', value: 3, state: 'reached' }
    })
    const rates = given([{ rate: 1000 }], [{ rate: 400 }])
    const row = { ...against, measure: 'rate', faster: 2.6 }
    expect(judged(row, rates)).toMatchObject({ value: 2.5, state: 'short', own: '1,000 images/s' })
  })

  it('compare with a share of the peer, with so much more, and with a bound of their own', () => {
    const times = given(seconds(0.5), seconds(1))
    expect(judged({ ...against, share: 0.5 }, times).state).toBe('reached')
    expect(judged({ ...against, share: 0.49 }, times).state).toBe('short')
    const slower = given(seconds(1.2), seconds(1))
    expect(judged({ ...against, more: 0.1 }, slower)).toMatchObject({
      ...{ ratio: '0.200 s more', goal: 'at most 0.1 s more', state: 'short' }
    })
    const alone = { what: 'work', of: 'Normscope' }
    expect(judged({ ...alone, most: 1.2 }, slower).state).toBe('reached')
    expect(judged({ ...alone, least: 1.3 }, slower).state).toBe('short')
  })

  it('take the lowest round where they say so', () => {
    const outcome = given([{ accuracy: 0.9 }, { accuracy: 0.86 }, { accuracy: 0.91 }])
    const row = { what: 'reach', of: 'Normscope', measure: 'accuracy', least: 0.87 }
    expect(judged(row, outcome).state).toBe('reached')
    expect(judged({ ...row, figure: 'min' }, outcome)).toMatchObject({
      ...{ value: 0.86, state: 'short' }
    })
  })

  it('know measures of their part', () => {
    const outcome = given([{ wait: 12.25 }])
    const row = { what: 'wait', of: 'Normscope', measure: 'wait', most: 20 }
    expect(judged(row, outcome, { wait: { unit: 'frames', digits: 1 } })).toMatchObject({
      ...{ own: '12.3 frames', goal: 'at most 20 frames' }
    })
  })

  it('say what is missing or failed, and keep what was measured', () => {
    const missing = {
      found: { Normscope: seconds(1) },
      troubles: { peer: { state: 'missing', why: 'there is no apt' } }
    }
    expect(judged({ ...against, faster: 3 }, missing)).toMatchObject({
      ...{ state: 'missing', why: 'there is no apt', own: '1.000 s' }
    })
    expect(judged({ ...against, faster: 3 }, given([{ rate: 1 }], seconds(1)))).toMatchObject({
      ...{ state: 'failed', why: 'no number of seconds in every round' }
    })
    const stranger = { ...against, against: 'nobody', faster: 3 }
    expect(judged(stranger, given(seconds(1)))).toMatchObject({ state: 'failed' })
  })

  it('end with exit code 1 where one is short or failed, and not for one that is missing', () => {
    const of = (...states: string[]) => exitCodeOf(states.map((state) => ({ state })))
    expect(of('reached', 'missing', 'shown')).toBe(0)
    expect(of('reached', 'short')).toBe(1)
    expect(of('failed')).toBe(1)
  })
})

describe('a part', () => {
  it('runs only the contestants of the rows that are asked for', async () => {
    const ran: string[] = []
    const contestant = (name: string, took: number) => () => {
      ran.push(name)
      return Promise.resolve({ seconds: took })
    }
    const part = {
      prepare: () => ({
        Normscope: contestant('Normscope', 1),
        peer: contestant('peer', 4),
        slow: contestant('slow', 60)
      })
    }
    const { rows } = await measured(part, { rounds: 2, peers: {} }, [{ ...against, faster: 3 }])
    expect(ran).toEqual(['Normscope', 'peer', 'Normscope', 'peer'])
    expect(rows).toMatchObject([{ value: 4, state: 'reached' }])
  })

  it('says what an option expects', () => {
    expect(wholeNumbers({ epochs: '3' })).toEqual({ epochs: 3 })
    expect(() => wholeNumbers({ epochs: '2.5' })).toThrow(
      '--epochs expects a whole number of at least 1, not "2.5".'
    )
  })

  it.each(available as string[])(
    '%s is one record of its file, with goals that rows can have',
    async (name) => {
      const { default: part } = await import(`../../bench/${name}.mjs`)
      expect(part).toMatchObject({ name, title: expect.any(String) })
      const rows =
        typeof part.rows === 'function' ? part.rows({ options: {}, peers: {} }) : part.rows
      for (const row of rows) {
        const goals = ['faster', 'share', 'more', 'most', 'least'].filter((goal) => goal in row)
        expect(goals.length, row.what).toBeLessThanOrEqual(1)
        expect(row.of, row.what).toBeDefined()
      }
    }
  )
})

it('knows every part that there is', () => {
  const folder = fileURLToPath(new URL('../../bench', import.meta.url))
  const records = readdirSync(folder)
    .filter((file) => file.endsWith('.mjs'))
    .filter((file) => readFileSync(join(folder, file), 'utf8').includes('export default {'))
    .map((file) => file.slice(0, -'.mjs'.length))
  expect(records.length).toBeGreaterThan(0)
  expect(ORDER).toEqual(expect.arrayContaining(records))
})

describe('the tables', () => {
  const rows = [
    {
      ...{ what: 'work', against: 'peer', own: '1 s', peer: '4 s', ratio: '4.00 times' },
      ...{ goal: 'at least 3 times', state: 'reached' }
    },
    { what: 'more', against: 'igzip', goal: '-', state: 'missing', why: 'a | b' }
  ]
  const found = { title: 'Opening', date: '2026-01-02', machine: '2 cores', rounds: 3, rows }

  it('have a heading, a machine and a line for each row', () => {
    const lines = tablesOf({ open: found }).split('\n')
    expect(lines.slice(0, 3)).toEqual([
      '### Opening: `npm run bench -- open`',
      '',
      '2026-01-02, 3 rounds: 2 cores'
    ])
    const cells = (line = '') => line.split('|').map((cell) => cell.trim())
    expect(cells(lines[6])).toEqual([
      '',
      'work',
      '1 s',
      'peer',
      '4 s',
      '4.00 times',
      'at least 3 times',
      'yes',
      ''
    ])
    expect(cells(lines[7]).at(-2)).toBe('missing: a / b')
    expect(summaryOf([['open', found]]).split('\n')[2]).toMatch(/^\| open \| work/)
  })

  it('stand between the markers of a page, and nothing else of it changes', () => {
    const page = 'a\n<!-- from -->\nold\n<!-- to -->\nb\n'
    const markers = ['<!-- from -->', '<!-- to -->']
    expect(withBetween(page, 'new', markers)).toBe('a\n<!-- from -->\n\nnew\n<!-- to -->\nb\n')
    expect(() => withBetween('a page', 'new', markers)).toThrow('<!-- from -->')
  })
})

describe('growth', () => {
  it('has the exponent of a power law, and no error, where points lie on one', () => {
    const law = powerLaw([1, 10, 100, 1000], [2, 20, 200, 2000])
    expect(law.exponent).toBeCloseTo(1, 12)
    expect(law.error).toBeCloseTo(0, 12)
    expect(law.at(50)).toBeCloseTo(100, 9)
  })

  it('has the standard error of the slope by hand', () => {
    // log₁₀ y is 0, 1, 1 at log₁₀ x = 0, 1, 2: slope 1/2, residuals −1/6, 1/3, −1/6, so √(1/6 / 1 / 2)
    const law = powerLaw([1, 10, 100], [1, 10, 10])
    expect(law.exponent).toBeCloseTo(0.5, 12)
    expect(law.error).toBeCloseTo(Math.sqrt(1 / 12), 12)
  })
})

describe('the guard', () => {
  it('holds .7 of a goal, or of what was reached where that is less', () => {
    expect(heldRow({ faster: 10 })).toEqual({ faster: 7 })
    expect(heldRow({ faster: 10 }, { reached: 5 })).toEqual({ faster: 3.5 })
    expect(heldRow({ faster: 10 }, { reached: 12 })).toEqual({ faster: 7 })
    expect(heldRow({ share: 0.35 })).toEqual({ share: 0.5 })
    expect(heldRow({ share: 0.35 }, { reached: 0.7 })).toEqual({ share: 1 })
    expect(() => heldRow({ what: 'a size', most: 3 })).toThrow('no ratio')
  })

  it.each(GUARDED as Held[])(
    '$what against $against is a row of $part',
    async ({ part, what, against }) => {
      const { default: record } = await import(`../../bench/${part}.mjs`)
      expect(record.rows).toContainEqual(expect.objectContaining({ what, against }))
    }
  )
})
