import { readFileSync } from 'node:fs'
import type { PixelType } from '../../core/dataset/dataset'
import type { DecodedImage } from '../../core/format/source'
import { errorFacts } from '../../core/error'
import { fileError } from '../disk/files'
import { decodeImage } from './image'
import type { DecodedFacts, DecodeRequest, FromDecoder } from './protocol'

/** A process that decodes pictures, so that one that ends the decoder ends nothing else. */

/** Bytes of one message. */
const PIECE = 4 << 20

const TYPES: Readonly<Record<number, PixelType>> = { 1: 'uint8', 2: 'uint16', 4: 'float32' }

/** Settled once the message is on its way, so that no more than one piece waits in memory. */
function tell(message: FromDecoder): Promise<void> {
  return new Promise((resolve) => process.send!(message, undefined, undefined, () => resolve()))
}

async function answer({ files, like }: DecodeRequest): Promise<void> {
  const images: DecodedFacts[] = []
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
  for (const { path, name } of files) {
    try {
      const { values, ...facts } = decodeImage(name, contentOf(path), like)
      images.push({ ...facts, type: TYPES[values.BYTES_PER_ELEMENT]!, bytes: values.byteLength })
      pending.push(bytesOf(values))
      pendingBytes += values.byteLength
    } catch (thrown) {
      await flush()
      return tell({ type: 'decoded', images, error: errorFacts(thrown) })
    }
    if (pendingBytes >= PIECE) await flush()
  }
  await flush()
  return tell({ type: 'decoded', images })
}

function contentOf(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (thrown) {
    throw fileError(thrown, path)
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: DecodedImage['values']): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)

process.on('disconnect', () => process.exit(0))
process.on('message', (message) => void answer(message as DecodeRequest))
void tell({ type: 'ready' })
