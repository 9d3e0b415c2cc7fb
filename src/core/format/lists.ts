import type { Format } from './format'

/** 'IDX, CSV or a folder of images': what a person can open. */
export function listOfFormats(formats: readonly Format[]): string {
  return either(formats.flatMap(({ name, word }) => (word === undefined ? [name] : [])))
}

/** 'IDX, NPY or CSV': what a file of labels can be. */
export function listOfLabelFormats(formats: readonly Format[]): string {
  return either(formats.flatMap(({ labels }) => labels?.name ?? []))
}

/** 'a, b or c' */
function either(names: readonly string[]): string {
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} or ${last}`
}

/** What a dialog offers to show of a folder, gzipped files too. */
export function dialogFilters(
  formats: readonly Format[]
): { readonly name: string; readonly extensions: string[] }[] {
  const ofFiles = formats.filter(({ endings }) => endings.length > 0)
  return [
    { name: 'All files', extensions: ['*'] },
    ...ofFiles.map(({ name, endings }) => ({ name, extensions: [...endings, 'gz'] }))
  ]
}

/** What is opened by a name in place of a path. */
export function namedDatasets(formats: readonly Format[]): string[] {
  return [...formats.flatMap(({ word }) => word ?? []), 'fashion-mnist']
}
