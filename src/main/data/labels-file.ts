import { readIdxLabels } from '../../core/dataset/idx'
import { readCsvLabels } from '../../core/dataset/csv'
import { openNpy, npyLabels } from '../../core/dataset/npy'
import { namedLabels } from '../../core/dataset/named-labels'
import type { LabelValues } from '../../core/dataset/opened'
import { ByteReader, contentOf } from '../../core/dataset/source'
import type { Warn } from '../../core/dataset/source'
import { sniff, SNIFF_LENGTH } from '../../core/dataset/sniff'
import type { Kind } from '../../core/dataset/sniff'
import type { FileSource } from './files'
import type { Opener } from './opener'
import { nodeTools } from './tools'

/** What a file is by content, and what is inside where it is gzipped. */
export async function kindOf(source: FileSource): Promise<{ outer: Kind; inner: Kind }> {
  const outer = sniff(await source.read(0, SNIFF_LENGTH))
  if (outer !== 'gzip') return { outer, inner: outer }
  const content = await contentOf(source, nodeTools, () => undefined)
  const reader = new ByteReader(content.chunks())
  try {
    return { outer, inner: sniff(await reader.peek(SNIFF_LENGTH)) }
  } finally {
    await reader.close()
  }
}

/**
 * Labels from a file of their own: IDX, NPY or CSV. A CSV may name the image `files` it labels;
 * otherwise the labels are in the order of these.
 */
export async function readLabelsFile(
  path: string,
  opener: Opener,
  warn: Warn,
  files?: readonly string[]
): Promise<LabelValues> {
  const source = await opener.open(path)
  const { inner } = await kindOf(source)
  if (inner === 'text' && files !== undefined) {
    const content = await contentOf(source, nodeTools, warn)
    const rows: (readonly string[])[] = []
    for await (const row of nodeTools.csvRecords(path, content.chunks())) rows.push(row)
    const named = namedLabels(path, rows, files)
    if (named !== undefined) return named
  }
  if (files !== undefined) {
    warn(`The labels were taken in the order of the file names, ${files[0]} first.`)
  }
  if (inner === 'npy') {
    const content = await contentOf(source, nodeTools, warn)
    const size = content.gzipped ? undefined : source.size
    return npyLabels(await openNpy(path, content.chunks(), size))
  }
  if (inner === 'text') return readCsvLabels(source, nodeTools, warn)
  return readIdxLabels(source, nodeTools, warn)
}
