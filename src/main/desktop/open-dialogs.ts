import type { OpenDialogOptions } from 'electron'
import type { PathKind } from '../../contract/bridge'
import { FORMATS } from '../../core/format/formats'
import { dialogFilters } from '../../core/format/lists'
import { REPORT_EXTENSION, STUDY_EXTENSION } from '../../core/study/study-path'

const DIALOGS: Readonly<Record<PathKind, OpenDialogOptions>> = {
  files: {
    title: 'Open a data set',
    properties: ['openFile', 'multiSelections'],
    filters: dialogFilters(FORMATS)
  },
  labels: {
    title: 'Choose a labels file, or one for each file of images',
    properties: ['openFile', 'multiSelections'],
    filters: dialogFilters(FORMATS)
  },
  folders: { title: 'Open a folder of images', properties: ['openDirectory', 'multiSelections'] },
  study: {
    title: 'Open a study',
    properties: ['openFile'],
    filters: [
      { name: 'Normscope study or report', extensions: [STUDY_EXTENSION, REPORT_EXTENSION] }
    ]
  }
}

/** The page is not trusted to name a dialog that there is. */
export function dialogFor(kind: unknown): OpenDialogOptions {
  return Object.hasOwn(DIALOGS, String(kind)) ? DIALOGS[kind as PathKind] : DIALOGS.files
}
