// Reading zip archives (a Python wheel is one) with what Node itself brings.
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createInflateRaw } from 'node:zlib'

const endOfDirectory = 0x06054b50
const directoryEntry = 0x02014b50
const large = 0xffffffff

async function readAt(handle, position, length) {
  const bytes = Buffer.alloc(length)
  const { bytesRead } = await handle.read(bytes, 0, length, position)
  return bytes.subarray(0, bytesRead)
}

/**
 * The members of a zip file: `{name, size, packedSize, method, at}`, `at` being the position of the
 * local header. Sizes past 4 GB (zip64) are refused.
 */
export async function readZip(file) {
  const handle = await open(file)
  try {
    const { size } = await handle.stat()
    const tail = await readAt(handle, Math.max(0, size - 65_557), Math.min(size, 65_557))
    let end = tail.length - 22
    while (end >= 0 && tail.readUInt32LE(end) !== endOfDirectory) end--
    if (end < 0) throw new Error(`${file} is not a zip archive or was cut off`)
    const length = tail.readUInt32LE(end + 12)
    const directory = await readAt(handle, tail.readUInt32LE(end + 16), length)
    const members = []
    let at = 0
    while (at + 46 <= directory.length && directory.readUInt32LE(at) === directoryEntry) {
      const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
        directory.readUInt16LE(at + offset)
      )
      const member = {
        name: directory.toString('utf8', at + 46, at + 46 + nameLength),
        method: directory.readUInt16LE(at + 10),
        packedSize: directory.readUInt32LE(at + 20),
        size: directory.readUInt32LE(at + 24),
        at: directory.readUInt32LE(at + 42)
      }
      if (member.at === large || member.size === large) throw new Error(`${file} needs zip64`)
      members.push(member)
      at += 46 + nameLength + extraLength + commentLength
    }
    return members
  } finally {
    await handle.close()
  }
}

/** Writes one member to `target`, creating its folder. */
export async function extractMember(file, member, target) {
  const handle = await open(file)
  let start
  try {
    const header = await readAt(handle, member.at, 30)
    start = member.at + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  } finally {
    await handle.close()
  }
  mkdirSync(dirname(target), { recursive: true })
  const output = createWriteStream(target)
  if (member.packedSize === 0) {
    output.end()
    return
  }
  const input = createReadStream(file, {
    start,
    end: start + member.packedSize - 1,
    highWaterMark: 1 << 20
  })
  if (member.method === 0) await pipeline(input, output)
  else await pipeline(input, createInflateRaw({ chunkSize: 1 << 20 }), output)
}
