/** What Windows keeps for its devices, with any ending. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i

const LONGEST = 100

/** Whether every system takes a name as it is, for a file of its own. */
export function isPlainFileName(name: string): boolean {
  return (
    /^[\w,()-][\w.,() -]*$/.test(name) &&
    !/[. ]$/.test(name) &&
    !RESERVED.test(name.split('.', 1)[0]!.trimEnd()) &&
    name.length <= LONGEST + 20
  )
}

/** A name of a file that every system takes, of what a person or a file has named. */
export function fileName(named: string, extension: string): string {
  const plain = named.replace(/[^\w.,() -]+/g, '-').slice(0, LONGEST)
  const name = `${plain.replace(/^[. ]+/, '')}.${extension}`
  return isPlainFileName(name) ? name : `normscope-${name}`
}
