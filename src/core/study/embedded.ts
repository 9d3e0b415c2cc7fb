/** A page that holds a study: its text stands in an element that shows nothing and runs nothing. */
const BEGIN = '<script type="application/json" id="normscope-study">'
const END = '</script>'

/** The element that holds the text of a study file. In JSON '<' stands in strings only. */
export function studyElement(text: string): string {
  return `${BEGIN}${text.trim().replaceAll('<', '\\u003c')}${END}`
}

/** The text of the study file that a page holds; undefined where it holds none. */
export function studyWithin(page: string): string | undefined {
  const from = page.indexOf(BEGIN)
  const to = page.indexOf(END, from + BEGIN.length)
  return from < 0 || to < 0 ? undefined : page.slice(from + BEGIN.length, to)
}
