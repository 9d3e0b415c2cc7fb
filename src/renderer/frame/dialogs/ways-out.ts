import type { DatasetSource } from '../../../contract/engine'
import type { ErrorFacts } from '../../../core/error'
import { mostCommonSize } from '../../../core/format/sizes'

/** Another way of opening what was refused. */
export interface WayOut {
  readonly label: string
  readonly way: Pick<DatasetSource, 'notFinite' | 'pictures'>
}

const toOneSize = (error: ErrorFacts): readonly WayOut[] => {
  const size = mostCommonSize(error)
  if (!size) return []
  const text = `${size.height} × ${size.width}`
  return [
    { label: `Resize to ${text}`, way: { pictures: { size: { ...size, fit: 'stretch' } } } },
    { label: `Pad to ${text}`, way: { pictures: { size: { ...size, fit: 'pad' } } } }
  ]
}

/** By the code of an error: what may be done about it at a click. */
const WAYS: Readonly<Record<string, (error: ErrorFacts) => readonly WayOut[]>> = {
  'not-finite': () => [
    { label: 'Leave those images out', way: { notFinite: 'leave-out' } },
    { label: 'Keep them, with 0 for those values', way: { notFinite: 'zero' } }
  ],
  'corrupt-image': () => [
    { label: 'Leave damaged pictures out', way: { pictures: { damaged: 'leave-out' } } }
  ],
  'mixed-sizes': toOneSize,
  'split-mismatch': toOneSize
}

export const waysOut = (error: ErrorFacts): readonly WayOut[] => WAYS[error.code]?.(error) ?? []
