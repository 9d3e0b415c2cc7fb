import { createHash } from 'node:crypto'
import { isPlainFileName } from '../../../core/file-name'

/**
 * The name of a record's file, without its ending. Ids of study files are any text: one that some
 * system would not take as it is, or not tell from another, stands for itself by its hash.
 */
export function fileOf(id: string): string {
  const plain = /^[\da-z-]+$/.test(id) && id.length <= 64 && isPlainFileName(id)
  return plain ? id : `id-${createHash('sha256').update(id).digest('hex').slice(0, 40)}`
}
