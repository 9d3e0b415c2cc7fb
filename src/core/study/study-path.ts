/** The ending of a study's name. */
export const STUDY_EXTENSION = 'normscope'

/** Of a report, which holds its study. */
export const REPORT_EXTENSION = 'html'

/** A study file, or a report, is told by its name, before anything of it is read. */
export function isStudyPath(path: string): boolean {
  return STUDY_NAME.test(path)
}

/** The study, where paths name one and nothing else. */
export function studyIn(paths: readonly string[]): string | undefined {
  return paths.length === 1 ? paths.find(isStudyPath) : undefined
}

const STUDY_NAME = new RegExp(`\\.(${STUDY_EXTENSION}|${REPORT_EXTENSION}?)$`, 'i')
