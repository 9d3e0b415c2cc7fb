const NOT_FINITE: Readonly<Record<string, number>> = {
  NaN,
  Infinity,
  '-Infinity': -Infinity
}

/** JSON has no NaN or infinity; a diverged run's loss may be one, and null would be a lie. */
function writable(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? { $number: String(value) } : value
}

function readable(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('$number' in value)) return value
  return NOT_FINITE[String(value.$number)] ?? value
}

/** JSON text that keeps numbers which are not finite; `readJson` reads it back. */
export function writeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, writable, indent)
}

/** The value of a text of `writeJson`, or of any JSON. Throws SyntaxError. */
export function readJson(text: string): unknown {
  return JSON.parse(text, readable)
}

/**
 * JSON for people's programs, results.json and `--json`: a number that is not finite is the text
 * "NaN", "Infinity" or "-Infinity", which most languages read as that number. Texts of any other
 * kind are as they are, so it is not read back by `readJson`.
 */
export function programJson(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_key, inner: unknown) =>
      typeof inner === 'number' && !Number.isFinite(inner) ? String(inner) : inner,
    indent
  )
}

/** The one JSON text of a value: keys in order, no spaces, what is undefined left out. For hashing. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(JSON.parse(writeJson(value))))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}
