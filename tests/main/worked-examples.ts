import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

export const CONTRIBUTING = readFileSync(
  resolve(import.meta.dirname, '../../CONTRIBUTING.md'),
  'utf8'
)

/** The examples of a section of CONTRIBUTING.md, evaluated word for word with what they import. */
export function workedExamples(title: string, imports: object): unknown[] {
  const sections = CONTRIBUTING.split(/^## /m).slice(1)
  const section = sections.find((part) => part.startsWith(title)) ?? ''
  return [...section.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => {
    const value = code.replace(/^(export )?const \w+ = /, '')
    return new Function(...Object.keys(imports), `return (${value})`)(
      ...Object.values(imports)
    ) as unknown
  })
}
