import { constants, closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { PixelType } from '../../core/dataset/dataset'
import type { PictureFile } from '../../core/format/files'
import type { DecodedImage } from '../../core/format/source'
import { errorFacts } from '../../core/error'
import type { ErrorFacts } from '../../core/error'
import { fileError, notAFile } from '../disk/files'
import { limitMemory } from '../processes/memory-limit'
import { tooManyBytes } from './damage'
import { decodeImage } from './image'
import type { DecodedFacts, DecodeRequest, FromDecoder } from './protocol'

/** A process that decodes pictures, so that one that ends the decoder ends nothing else. */

/** Bytes of one message. */
const PIECE = 4 << 20
/** Bytes of one file: more than the largest picture takes uncompressed. */
const MAX_FILE_BYTES = 512 << 20

const TYPES: Readonly<Record<number, PixelType>> = { 1: 'uint8', 2: 'uint16', 4: 'float32' }

/** Settled once the message is on its way, so that no more than one piece waits in memory. */
function tell(message: FromDecoder): Promise<void> {
  return new Promise((resolve) => process.send!(message, undefined, undefined, () => resolve()))
}

async function answer({ files, like, options }: DecodeRequest): Promise<void> {
  const images: (DecodedFacts | ErrorFacts)[] = []
  let pending: Uint8Array[] = []
  let pendingBytes = 0
  const flush = async (): Promise<void> => {
    const bytes = pending.length === 1 ? pending[0]! : Buffer.concat(pending)
    pending = []
    pendingBytes = 0
    for (let at = 0; at < bytes.length; at += PIECE) {
      await tell({ type: 'piece', bytes: bytes.subarray(at, at + PIECE) })
    }
  }
  for (const file of files) {
    try {
      const image = await decodeImage(file.name, contentOf(file), { like, options })
      const { values, ...facts } = image
      images.push({ ...facts, type: TYPES[values.BYTES_PER_ELEMENT]!, bytes: values.byteLength })
      pending.push(bytesOf(values))
      pendingBytes += values.byteLength
    } catch (thrown) {
      images.push(errorFacts(thrown))
    }
    if (pendingBytes >= PIECE) await flush()
  }
  await flush()
  return tell({ type: 'decoded', images })
}

/** A file that has become a pipe or a device meanwhile is not waited for. */
function contentOf(picture: PictureFile): Uint8Array {
  if ('bytes' in picture) return picture.bytes
  const { name, path, at = 0 } = picture
  try {
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      const facts = fstatSync(file)
      if (!facts.isFile()) throw notAFile(path, facts.isDirectory())
      const size = picture.size ?? facts.size
      if (size > MAX_FILE_BYTES) throw tooManyBytes(name, size, MAX_FILE_BYTES)
      const bytes = new Uint8Array(size)
      let done = 0
      while (done < size) {
        const read = readSync(file, bytes, done, size - done, at + done)
        if (read === 0) break
        done += read
      }
      return bytes.subarray(0, done)
    } finally {
      closeSync(file)
    }
  } catch (thrown) {
    throw fileError(thrown, path)
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: DecodedImage['values']): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)

limitMemory()
process.on('disconnect', () => process.exit(0))
process.on('message', (message) => void answer(message as DecodeRequest))
void tell({ type: 'ready' })
