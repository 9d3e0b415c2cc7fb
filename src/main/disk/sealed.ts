import { crc32 } from './crc32'

const SEAL = /^\{"crc32":(\d+),/

/** JSON of an object, with the CRC-32 of it: what has changed on disk since is no longer taken for it. */
export function sealed(value: object): string {
  const rest = JSON.stringify(value).slice(1)
  return `{"crc32":${checksum(rest)},${rest}`
}

/** What `sealed` made a text of; undefined for any other text. */
export function unsealed(text: string): unknown {
  const [head = '', given] = SEAL.exec(text) ?? []
  const rest = text.slice(head.length)
  return given !== undefined && Number(given) === checksum(rest)
    ? JSON.parse(`{${rest}`)
    : undefined
}

const checksum = (text: string): number => crc32(Buffer.from(text))
