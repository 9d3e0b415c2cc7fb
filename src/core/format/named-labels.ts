import { NormscopeError } from '../error'
import type { LabelValues } from './opened'
import { baseName } from './source'

/** Names that a column of labels goes by. */
const LABEL_NAMES = ['label', 'labels', 'class', 'target', 'y', 'digit']

export const isLabelName = (field: string): boolean => LABEL_NAMES.includes(field.toLowerCase())

/** What a table may call an image file: its path, its name, its name without the ending. */
const CALLS: readonly ((file: string) => string)[] = [
  (file) => file,
  baseName,
  (file) => baseName(file).replace(/\.[^.]*$/, '')
]

/**
 * The labels of `files` from a table that names each file in one column and has its label in the
 * last other one; the rows may come in any order, under a header or not. Undefined where no column
 * names the files. Throws NormscopeError 'unlabelled-image' where a file is not named.
 */
export function namedLabels(
  path: string,
  rows: readonly (readonly string[])[],
  files: readonly string[]
): LabelValues | undefined {
  const columns = rows.reduce((most, { length }) => Math.max(most, length), 0)
  if (columns < 2) return undefined
  for (const call of CALLS) {
    const names = new Set(files.map(call))
    if (names.size < files.length) continue // two files would get one label
    for (let column = 0; column < columns; column++) {
      const found = rows.filter((row) => names.has(row[column] ?? ''))
      // a column of class numbers may name some of 1.png, 2.png, … by chance
      if (new Set(found.map((row) => row[column])).size < found.length) continue
      const header = found.includes(rows[0]!) ? undefined : rows[0]
      const allRows = found.length === rows.length - (header === undefined ? 0 : 1)
      if (found.length === 0 || (!allRows && found.length < files.length)) continue
      const named = header?.findIndex(isLabelName) ?? -1
      const last = column === columns - 1 ? column - 1 : columns - 1
      const labelColumn = named >= 0 && named !== column ? named : last
      const labels = new Map(found.map((row) => [row[column]!, row[labelColumn] ?? '']))
      return files.map((file) => {
        const label = labels.get(call(file))
        if (label === undefined) throw unlabelledImage(path, file)
        return label
      })
    }
  }
  return undefined
}

function unlabelledImage(path: string, file: string): NormscopeError {
  return new NormscopeError({
    code: 'unlabelled-image',
    message: `${baseName(path)} lists labels by image name, but none for ${file}. Add its label, or remove the image.`,
    path,
    expected: `a label for ${file}`,
    actual: 'none'
  })
}
