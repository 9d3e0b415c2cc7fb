import type { ViewRecord } from '../../contract/views'

/** Of the files found, the one in the folder of each view; `name` says which file is missed. */
export function fileOfEach<Id extends string, File>(
  views: readonly ViewRecord<Id>[],
  found: Readonly<Record<string, File>>,
  name: string
): Readonly<Record<Id, File>> {
  const entries = views.map(({ id }) => {
    const [path, other] = Object.keys(found).filter((each) => each.startsWith(`./${id}/`))
    if (path === undefined || other !== undefined) {
      throw new Error(`The view ${id} needs one file ./${id}/${name}.`)
    }
    return [id, found[path]]
  })
  return Object.fromEntries(entries) as Record<Id, File>
}
