import type { SplitName } from '../dataset/dataset'
import type { RunRecord } from './run'

/** Test images of a run whose predictions are kept. */
export const MAX_PREDICTIONS = 100_000

/** Classes as base64 of uint16, little-endian; -1, where the output was not a number, becomes 0xffff. */
export function encodePredictions(guesses: Int32Array): string {
  let bytes = ''
  for (const guess of guesses) bytes += String.fromCharCode(guess & 0xff, (guess >> 8) & 0xff)
  return btoa(bytes)
}

export function decodePredictions(text: string): Uint16Array {
  const bytes = atob(text)
  return Uint16Array.from(
    { length: bytes.length / 2 },
    (_, i) => bytes.charCodeAt(2 * i) | (bytes.charCodeAt(2 * i + 1) << 8)
  )
}

/** Training images of a run of which is kept whether they are wrong: as many bytes as predictions. */
export const MAX_WRONG_FLAGS = 16 * MAX_PREDICTIONS

/** Which images are taken for another class than their label's, as base64 of a bit each, lowest first. */
export function encodeWrong(labels: Int32Array, guesses: Int32Array): string {
  const bytes = new Uint8Array(Math.ceil(labels.length / 8))
  labels.forEach((label, at) => {
    if (guesses[at] !== label) bytes[at >> 3]! |= 1 << (at & 7)
  })
  let letters = ''
  for (const byte of bytes) letters += String.fromCharCode(byte)
  return btoa(letters)
}

/** The places of the images that are wrong, ascending. */
export function decodeWrong(text: string): number[] {
  const bytes = atob(text)
  const places: number[] = []
  for (let at = 0; at < 8 * bytes.length; at++) {
    if ((bytes.charCodeAt(at >> 3) >> (at & 7)) & 1) places.push(at)
  }
  return places
}

type Kept = Pick<RunRecord, 'heldOut' | 'predictions' | 'wrongTraining'>

/** Whether it is known which images of a split, as the data set has it, a run gets wrong. */
export function knowsWrong(
  { heldOut, predictions, wrongTraining }: Kept,
  split: SplitName
): boolean {
  const [train, test] = [wrongTraining !== undefined, predictions !== undefined]
  // the images that were held out are training images of the data set
  if (heldOut) return split === 'train' && train && test
  return split === 'train' ? train : test
}
