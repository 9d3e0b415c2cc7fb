import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CHART_THEMES, colourOf, scaleColour, withAlpha } from '../../src/chart/theme'
import { CHOICES } from '../../src/core/preprocessing/choices'
import { CHOICE_IDS } from '../../src/core/preprocessing/preprocessing'
import { choiceColours } from '../../src/renderer/theme/choice-colours'

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
    const [light = '', dark = ''] = choiceColours().split(":root[data-theme='dark']")
    for (const choice of CHOICE_IDS) {
      expect(light).toContain(`--choice-${choice}: ${colourOf({ choice }, 'light')};`)
      expect(dark).toContain(`--choice-${choice}: ${colourOf({ choice }, 'dark')};`)
    }
  })
  it('draws choices with a contrast to their ground, and no two alike', () => {
    for (const theme of ['light', 'dark'] as const) {
      const { surface } = CHART_THEMES[theme]
      for (const { id, colour } of CHOICES) {
        expect(colour[theme], id).toMatch(/^#[\da-f]{6}$/)
        // WCAG 2.1, 1.4.11 asks for 3; a hue that is paler is told by its broken line too
        const least = colour.line === 'solid' ? 3 : 2.3
        expect(contrast(colour[theme], surface), `${id}, ${theme}`).toBeGreaterThanOrEqual(least)
      }
      expect(new Set(CHOICES.map(({ colour }) => colour[theme])).size).toBe(CHOICES.length)
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
