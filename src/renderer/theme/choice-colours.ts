import { CHOICES } from '../../core/preprocessing/choices'

/** --choice-ID for each choice: its colour in the theme shown. */
export function choiceColours(): string {
  const variables = (theme: 'light' | 'dark'): string =>
    CHOICES.map(({ id, colour }) => `--choice-${id}: ${colour[theme]};`).join(' ')
  return `:root { ${variables('light')} } :root[data-theme='dark'] { ${variables('dark')} }`
}

export function showChoiceColours(): void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(choiceColours())
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
}
