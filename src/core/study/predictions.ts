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
