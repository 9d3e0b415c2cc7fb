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
  test('are all judged, and the sentence counts them', async () => {
    const { claims, sentence } = await answer<{
      claims: { id: string; verdict: string; sentence: string }[]
      sentence: string
    }>('claims', images)
    expect(claims).toHaveLength(9)
    expect(claims.map(({ verdict }) => verdict)).not.toContain('open')
    // the same function of the image has the same shares, whatever is trained on
    expect(claims.find(({ id }) => id === 'division-and-dominance')!.verdict).toBe('true')
    expect(sentence).toMatch(/^Of 9 claims, /)
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
      ...['advise', images, '--choice', 'raw,unit', '--for', 'numpy']
    )
    expect(['raw', 'unit']).toContain(found.recommended.id)
    expect(found.code).toContain('def preprocess')
  })
})
