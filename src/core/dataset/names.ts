/** A name cut into what is a number and what is not. */
interface Part {
  readonly text: string
  /** undefined for what is none */
  readonly number: number | undefined
}

function partsOf(name: string): readonly Part[] {
  const parts = name.match(/\d+|\D+/g) ?? []
  return parts.map((text) => ({ text, number: /^\d/.test(text) ? Number(text) : undefined }))
}

function compareParts(a: readonly Part[], b: readonly Part[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const [partA, partB] = [a[at]!, b[at]!]
    const { number: numberA, text: textA } = partA
    const { number: numberB, text: textB } = partB
    if (numberA !== undefined && numberB !== undefined && numberA !== numberB) {
      return numberA - numberB
    }
    if (textA !== textB) return textA < textB ? -1 : 1
  }
  return a.length - b.length
}

/** Order of names, numbers within them by value: 2.png before 10.png. Alike in every language. */
export const compareNames = (a: string, b: string): number => compareParts(partsOf(a), partsOf(b))

/** In the order of one name, then of the next; each name is cut once, for there may be 100,000. */
export function sortedByNames<T>(
  items: readonly T[],
  names: readonly ((item: T) => string)[]
): readonly T[] {
  const cuts = new Map<string, readonly Part[]>()
  const cut = (name: string): readonly Part[] => {
    const known = cuts.get(name) ?? partsOf(name)
    cuts.set(name, known)
    return known
  }
  const keyed = items.map((item) => ({ item, keys: names.map((name) => cut(name(item))) }))
  keyed.sort((a, b) => {
    for (let at = 0; at < names.length; at++) {
      if (a.keys[at] === b.keys[at]) continue
      const order = compareParts(a.keys[at]!, b.keys[at]!)
      if (order !== 0) return order
    }
    return 0
  })
  return keyed.map(({ item }) => item)
}
