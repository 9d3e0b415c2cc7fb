import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CHART_THEMES, CHOICE_LOOKS, colourOf, scaleColour, withAlpha } from '../../src/chart/theme'
import { CHOICE_IDS } from '../../src/core/preprocessing/preprocessing'

const css = readFileSync('src/renderer/theme/tokens.css', 'utf8')
const [lightCss = '', darkCss = ''] = css.split(":root[data-theme='dark']")

/** WCAG 2 contrast of two #rrggbb colours. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string): number => {
    const [r = 0, g = 0, bl = 0] = [1, 3, 5].map((at) => {
      const c = parseInt(hex.slice(at, at + 2), 16) / 255
      return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * bl
  }
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

describe('the theme of figures', () => {
  it('has the same colour for a choice as the window', () => {
    for (const id of CHOICE_IDS) {
      expect(lightCss).toContain(`--choice-${id}: ${CHOICE_LOOKS[id].light};`)
      expect(darkCss).toContain(`--choice-${id}: ${CHOICE_LOOKS[id].dark};`)
    }
  })
  it('has the same inks and lines as the window', () => {
    for (const [theme, text] of [
      ['light', lightCss],
      ['dark', darkCss]
    ] as const) {
      const { roles, surface, line } = CHART_THEMES[theme]
      expect(text).toContain(`--surface: ${surface};`)
      expect(text).toContain(`--line: ${line};`)
      expect(text).toContain(`--ink: ${roles.ink};`)
      expect(text).toContain(`--ink-3: ${roles.muted};`)
      expect(text).toContain(`--accent: ${roles.accent};`)
    }
  })
  it('writes ticks and titles with a contrast of at least 4.5 to their ground', () => {
    for (const { roles, surface } of Object.values(CHART_THEMES)) {
      for (const ink of [roles.ink, roles.second, roles.muted]) {
        expect(contrast(ink, surface)).toBeGreaterThanOrEqual(4.5)
      }
    }
  })
  it('keeps the colour of a class when there are more classes than colours', () => {
    expect(colourOf({ class: 13 }, 'light')).toBe(colourOf({ class: 3 }, 'light'))
    expect(colourOf({ class: 3 }, 'light')).not.toBe(colourOf({ class: 4 }, 'light'))
  })
  it('clamps values to the ends of a colour scale, and places logarithms', () => {
    expect(scaleColour('cividis', 7, [0, 1])).toBe(scaleColour('cividis', 1, [0, 1]))
    expect(scaleColour('viridis', 10, [1, 100], true)).toBe(scaleColour('viridis', 0.5, [0, 1]))
    expect(scaleColour('grey', 128, [0, 255])).toBe('rgb(128, 128, 128)')
  })
  it('adds an opacity', () => {
    expect(withAlpha('#0072b2', 0.5)).toBe('rgba(0, 114, 178, 0.5)')
  })
})
