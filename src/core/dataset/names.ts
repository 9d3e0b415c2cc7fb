/** Order of names, numbers within them by value: 2.png before 10.png. Alike in every language. */
export function compareNames(a: string, b: string): number {
  const partsA = a.match(/\d+|\D+/g) ?? []
  const partsB = b.match(/\d+|\D+/g) ?? []
  for (let at = 0; at < Math.min(partsA.length, partsB.length); at++) {
    const [partA, partB] = [partsA[at]!, partsB[at]!]
    const numbers = /^\d/.test(partA) && /^\d/.test(partB)
    if (numbers && Number(partA) !== Number(partB)) return Number(partA) - Number(partB)
    if (partA !== partB) return partA < partB ? -1 : 1
  }
  return partsA.length - partsB.length
}
