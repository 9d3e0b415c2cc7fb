import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { normscope, temporaryFolder, writeTwoClasses } from './program'

const folder = temporaryFolder()
const { images } = writeTwoClasses(folder.path)
afterAll(() => folder.remove())

const QUICK = ['--epochs', '1', '--batch', '20', '--hidden', '8', '--seeds', '1', '--json']

async function answer<T>(...words: string[]): Promise<T> {
  const ended = await normscope([...words, ...QUICK])
  expect(ended.code, ended.stderr).toBe(0)
  return ended.json() as unknown as T
}

describe('claims', () => {
  test('are all judged by one seed: none is decided but what is no matter of chance', async () => {
    const { claims, sentence } = await answer<{
      claims: { id: string; verdict: string; doubt?: string; sentence: string }[]
      sentence: string
    }>('claims', images)
    expect(claims).toHaveLength(9)
    // the same function of the image has the same shares, whatever is trained on
    const [division, ...others] = [
      ...claims.filter(({ id }) => id === 'division-and-dominance'),
      ...claims.filter(({ id }) => id !== 'division-and-dominance')
    ]
    expect(division!.verdict).toBe('true')
    for (const { id, verdict } of others) expect(['undecided', 'open'], id).toContain(verdict)
    for (const { sentence: said } of claims) expect(said).not.toMatch(/NaN|undefined|\bnull\b/)
    expect(sentence).toMatch(/^Of 9 claims, 1 holds here/)
  })

  test('are written with the figures behind them, all or none', async () => {
    const out = join(folder.path, 'claims')
    const words = ['claims', images, '--out', out]
    await answer(...words)
    const files = readdirSync(out)
    for (const id of ['claims-accuracy-same-scale', 'claims-activations', 'claims-loss-by-step']) {
      for (const type of ['png', 'svg', 'csv']) expect(files).toContain(`${id}.${type}`)
    }
    const outcome = readFileSync(join(out, 'outcome.json'), 'utf8')
    expect((JSON.parse(outcome) as { claims: unknown[] }).claims).toHaveLength(9)
    expect(readFileSync(join(out, 'table-1.csv'), 'utf8')).toMatch(/^claim,verdict,measured\r\n/)
    const again = await normscope([...words, ...QUICK])
    expect(again.code).not.toBe(0)
    expect(again.stderr).toContain('nothing was written')
  })
})

describe('mismatch', () => {
  test('tests each network under each choice', async () => {
    const { cells } = await answer<{ cells: { accuracy: number }[] }>(
      ...['mismatch', images, '--choice', 'raw,unit']
    )
    expect(cells).toHaveLength(4)
  })

  test('asks for two choices, with exit code 2', async () => {
    const { code, stderr } = await normscope(['mismatch', images, '--choice', 'raw'])
    expect(code).toBe(2)
    expect(stderr).toContain('--choice needs two choices or more.')
  })
})

describe('advise', () => {
  test('names one of the choices, and prints its code', async () => {
    const found = await answer<{ recommended: { id: string }; code: string }>(
      ...['advise', images, '--choice', 'raw,unit', '--for', 'numpy', '--learning-rate', '0.05']
    )
    expect(['raw', 'unit']).toContain(found.recommended.id)
    expect(found.code).toContain('def preprocess')
  })
})
