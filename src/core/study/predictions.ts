/** Test images of a run whose predictions are kept. */
export const MAX_PREDICTIONS = 100_000

/** In a run's predictions: the network's output was not a number. */
export const NO_CLASS = 0xffff

/** Classes as base64 of uint16, little-endian; -1 becomes NO_CLASS. */
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
