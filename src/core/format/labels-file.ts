import { noLabels } from './errors'
import type { Format, Reading } from './format'
import type { LabelValues } from './opened'
import { filePlace } from './look'

/** Labels from a file of their own, as `Reading` has it. Throws NormscopeError 'unknown-format'. */
export async function readLabelsFile(
  path: string,
  images: number,
  files: readonly string[] | undefined,
  formats: readonly Format[],
  reading: Reading
): Promise<LabelValues> {
  const place = await filePlace(path, reading.files)
  const reader = formats.map(({ labels }) => labels).find((labels) => labels?.recognise(place))
  if (reader === undefined) throw noLabels(place, formats)
  if (files !== undefined) {
    const named = await reader.readNamed?.(place, files, reading)
    if (named !== undefined) return named
    reading.warn(`The labels were taken in the order of the file names, ${files[0]} first.`)
  }
  return reader.read(place, images, reading)
}
