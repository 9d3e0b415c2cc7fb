import type { FilePlace } from './place'
import { headText } from './text'

/** Whether a text begins as a list or an object of JSON. */
export const isJson = ({ inner, head }: Pick<FilePlace, 'inner' | 'head'>): boolean =>
  inner === 'text' && /^\s*[[{]/.test(headText(head))
