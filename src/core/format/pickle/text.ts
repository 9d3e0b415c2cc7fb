/** One letter a byte. */
export function latin1(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  }
  return text
}

const NAMED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b' }

/** The text between the quotes of Python's repr, as protocol 0 writes bytes; undefined where there are none. */
export function unquoted(line: string): string | undefined {
  const quote = line[0]
  if (line.length < 2 || (quote !== "'" && quote !== '"') || !line.endsWith(quote)) return undefined
  return line
    .slice(1, -1)
    .replace(/\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|[^])/g, (_, escape: string) =>
      escape.startsWith('x') && escape.length === 3
        ? String.fromCharCode(parseInt(escape.slice(1), 16))
        : /^[0-7]/.test(escape)
          ? String.fromCharCode(parseInt(escape, 8) & 255)
          : (NAMED[escape] ?? escape)
    )
}

/** Python's raw-unicode-escape, as protocol 0 writes texts. */
export function unescaped(line: string): string {
  return line.replace(
    /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g,
    (all, short?: string, long?: string) => {
      const code = parseInt(short ?? long!, 16)
      return code > 0x10ffff ? all : String.fromCodePoint(code)
    }
  )
}
