import { escapeMarkup } from '../markup'

/** Text that is HTML; everything else is escaped where it is put into HTML. */
export class Html {
  constructor(readonly text: string) {}
}

export type Content = string | number | false | undefined | Html | readonly Content[]

/** HTML with values in it: texts are escaped, lists are joined, what is undefined is left out. */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(parts.map((part, i) => part + textOf(values[i])).join(''))
}

function textOf(content: Content): string {
  if (content === undefined || content === false) return ''
  if (content instanceof Html) return content.text
  return typeof content === 'object' ? content.map(textOf).join('') : escapeMarkup(String(content))
}
