import { errorFacts, NormscopeError } from '../../core/error'
import { limitMemory } from '../processes/memory-limit'
import { limitGrowth } from './library'
import type { FromHdf5, Hdf5Request } from './protocol'
import { Hdf5Reader } from './reader'

/** A process that reads HDF5, so that a file that ends the library, or keeps it busy for ever, ends nothing else. */

/** Bytes of one message. */
const PIECE = 4 << 20

/** Settled once the message is on its way, so that no more than one piece waits in memory. */
function tell(message: FromHdf5): Promise<void> {
  return new Promise((resolve) => process.send!(message, undefined, undefined, () => resolve()))
}

async function answer(reader: Hdf5Reader, request: Hdf5Request): Promise<void> {
  try {
    if (request.rows === undefined) {
      return await tell({ type: 'arrays', arrays: reader.arrays(request) })
    }
    const { bytes, lengths } = reader.rows(request, request.rows)
    for (let at = 0; at < bytes.length; at += PIECE) {
      await tell({ type: 'piece', bytes: bytes.subarray(at, at + PIECE) })
    }
    await tell({ type: 'rows', lengths })
  } catch (thrown) {
    // of anything else than a refusal nobody knows what state it left the library in
    if (!(thrown instanceof NormscopeError)) process.exit(1)
    await tell({ type: 'refused', error: errorFacts(thrown) })
  }
}

limitMemory()
limitGrowth()
process.on('disconnect', () => process.exit(0))
void Hdf5Reader.create().then((reader) => {
  process.on('message', (message) => void answer(reader, message as Hdf5Request))
  return tell({ type: 'ready' })
})
