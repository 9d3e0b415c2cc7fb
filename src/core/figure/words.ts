export type SplitShown = 'train' | 'test' | 'all'

export const SPLIT_NAMES: Readonly<Record<SplitShown, string>> = {
  train: 'training split',
  test: 'test split',
  all: 'training and test split'
}

/** Numbers as words of a figure: four digits, thousands separated, true minus sign. */
export function numberText(value: number): string {
  const size = Math.abs(value)
  if (size < 1e-9) return '0'
  if (size === Infinity) return value < 0 ? '−∞' : '∞'
  const rounded = Number(size.toPrecision(4))
  const text =
    rounded >= 1e9 || rounded < 1e-4
      ? rounded.toExponential()
      : rounded.toLocaleString('en-GB', { maximumFractionDigits: 8 })
  return value < 0 ? `−${text}` : text
}

export function countText(count: number): string {
  return count.toLocaleString('en-GB', { maximumFractionDigits: 0 })
}

/** A share in [0, 1] with one decimal: '50.2 %'. */
export function percentText(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

/** 'raw, unit and log' */
export function listText(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('')
  return `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`
}
