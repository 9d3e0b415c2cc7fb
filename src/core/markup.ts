/** Characters that XML cannot hold in any form. */
// eslint-disable-next-line no-control-regex
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;'
}

/** Text as it may stand in XML and HTML, between tags and between double quotes. */
export function escapeMarkup(text: string): string {
  return text.replace(NOT_XML, '\ufffd').replace(/[&<>"]/g, (letter) => ENTITIES[letter] ?? letter)
}

export type Attributes = Readonly<Record<string, string | number | undefined>>

/** Attributes as they follow the name of a tag; those that are undefined are left out. */
export function attributesText(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${escapeMarkup(`${value}`)}"`))
    .join('')
}
