import { readIdxLabels } from '../../core/dataset/idx'
import { readCsvLabels } from '../../core/dataset/csv'
import { openNpy, npyLabels } from '../../core/dataset/npy'
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

/** Labels from a file of their own: IDX, NPY or CSV. */
export async function readLabelsFile(
  path: string,
  opener: Opener,
  warn: Warn
): Promise<LabelValues> {
  const source = await opener.open(path)
  const { inner } = await kindOf(source)
  if (inner === 'npy') {
    const content = await contentOf(source, nodeTools, warn)
    const size = content.gzipped ? undefined : source.size
    return npyLabels(await openNpy(path, content.chunks(), size))
  }
  if (inner === 'text') return readCsvLabels(source, nodeTools, warn)
  return readIdxLabels(source, nodeTools, warn)
}
