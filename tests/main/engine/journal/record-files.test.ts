import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readRecords } from '../../../../src/main/engine/journal/record-files'
import type { RecordForm } from '../../../../src/main/engine/journal/record-files'

const folder = mkdtempSync(join(tmpdir(), 'normscope-records-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Note {
  readonly id: string
  readonly createdAt: number
}

const FORM: RecordForm<Note> = {
  folder: 'notes',
  line: (note) => `${JSON.stringify(note)}\n`,
  lines: (note) => [`${JSON.stringify(note)}\n`],
  lasting: () => true,
  readers: {
    '.jsonl': (text) => Promise.resolve(JSON.parse(text.split('\n')[0]!) as Note),
    '.json': (text) => Promise.resolve(JSON.parse(text) as Note)
  }
}

function journal(name: string, files: Readonly<Record<string, string>>): string {
  const made = join(folder, name)
  mkdirSync(join(made, 'notes'), { recursive: true })
  for (const [file, text] of Object.entries(files)) writeFileSync(join(made, 'notes', file), text)
  return made
}

it('records are read oldest first, and a line that was cut off is taken from its file', async () => {
  const made = journal('cut', {
    'b.jsonl': '{"id":"b","createdAt":2}\n{"id":"b","cre',
    'a.json': '{"id":"a","createdAt":1}'
  })
  const { records, damaged, failures } = await readRecords(FORM, made, true)
  expect(records.map(({ record, lines, bytes }) => [record.id, lines, bytes])).toEqual([
    ['a', false, 24],
    ['b', true, 25]
  ])
  expect([damaged, failures]).toEqual([[], []])
  expect(readFileSync(join(made, 'notes', 'b.jsonl'), 'utf8')).toBe('{"id":"b","createdAt":2}\n')
})

it('damaged files are set aside under names that are free', async () => {
  const made = journal('damaged', { 'a.jsonl': 'x\n', 'a.jsonl.damaged': 'of before' })
  const { damaged } = await readRecords(FORM, made, true)
  expect(damaged).toEqual([join(made, 'notes', 'a.jsonl.2.damaged')])
  expect(readFileSync(damaged[0]!, 'utf8')).toBe('x\n')
  expect(readFileSync(join(made, 'notes', 'a.jsonl.damaged'), 'utf8')).toBe('of before')
})

it('who does not own the folder changes nothing in it', async () => {
  const files = { 'a.jsonl': 'x\n', 'b.jsonl': '{"id":"b","createdAt":2}\ncut' }
  const made = journal('other', files)
  const { records, damaged } = await readRecords(FORM, made, false)
  expect(damaged).toEqual([join(made, 'notes', 'a.jsonl')])
  expect(records.map(({ lines }) => lines)).toEqual([false])
  expect(readdirSync(join(made, 'notes')).sort()).toEqual(['a.jsonl', 'b.jsonl'])
})

it('what cannot be read is told, and the other records are there', async () => {
  const made = journal('unreadable', { 'b.jsonl': '{"id":"b","createdAt":2}\n' })
  mkdirSync(join(made, 'notes', 'a.jsonl'))
  const { records, failures } = await readRecords(FORM, made, true)
  expect(records.map(({ record }) => record.id)).toEqual(['b'])
  expect(failures).toMatchObject([{ code: 'EISDIR' }])
})

it('no folder is no records', async () => {
  expect(await readRecords(FORM, join(folder, 'none'), true)).toEqual({
    ...{ records: [], aside: [], damaged: [], failures: [] }
  })
})
