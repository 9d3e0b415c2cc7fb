import { readIdxLabels } from '../../core/format/idx/idx'
import { readCsvLabels } from '../../core/format/csv/csv-labels'
import { countMismatch } from '../../core/format/labels'
import { readNpyLabels } from '../../core/format/numpy/npy-labels'
import { namedLabels } from '../../core/format/csv/named-labels'
import type { LabelValues } from '../../core/format/opened'
import { ByteReader, contentOf } from '../../core/format/source'
import type { Warn } from '../../core/format/source'
import { sniff, SNIFF_LENGTH } from '../../core/format/sniff'
import type { Kind } from '../../core/format/sniff'
import { csvRows } from '../../core/format/csv/table'
import type { Row } from '../../core/format/csv/table'
import type { FileSource } from './files'
import type { Opener } from './opener'
import { nodeTools } from './tools'

/** Rows of a table that names files: it may name more than there are. */
const MOST_ROWS = 2_000_000

/** What a file is by content, and what is inside where it is gzipped, with the beginning of that. */
export async function kindOf(
  source: FileSource
): Promise<{ outer: Kind; inner: Kind; head: Uint8Array }> {
  const bytes = await source.read(0, SNIFF_LENGTH)
  const outer = sniff(bytes)
  if (outer !== 'gzip') return { outer, inner: outer, head: bytes }
  const content = await contentOf(source, nodeTools, () => undefined)
  const reader = new ByteReader(content.chunks())
  try {
    const head = await reader.peek(SNIFF_LENGTH)
    return { outer, inner: sniff(head), head }
  } finally {
    await reader.close()
  }
}

/**
 * Labels from a file of their own, for so many `images`: IDX, NPY or CSV. A CSV may name the image
 * `files` it labels; otherwise the labels are in the order of these.
 */
export async function readLabelsFile(
  path: string,
  opener: Opener,
  warn: Warn,
  images: number,
  files?: readonly string[]
): Promise<LabelValues> {
  const source = await opener.open(path)
  const { inner } = await kindOf(source)
  if (inner === 'text' && files !== undefined) {
    const rows: Row[] = []
    for await (const row of csvRows(source, nodeTools, warn)) {
      rows.push(row)
      if (rows.length > MOST_ROWS) throw countMismatch(path, images, `more than ${MOST_ROWS}`)
    }
    const named = namedLabels(path, rows, files)
    if (named !== undefined) return named
  }
  if (files !== undefined) {
    warn(`The labels were taken in the order of the file names, ${files[0]} first.`)
  }
  if (inner === 'npy') {
    const content = await contentOf(source, nodeTools, warn)
    const size = content.gzipped ? undefined : source.size
    return readNpyLabels(path, content.chunks(), size, images)
  }
  if (inner === 'text') return readCsvLabels(source, nodeTools, warn, images)
  return readIdxLabels(source, nodeTools, warn, images)
}
