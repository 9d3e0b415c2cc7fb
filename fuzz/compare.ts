import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorFacts } from '../src/core/error'
import { DecoderPool } from '../src/main/data/files/decoder-pool'
import { Hdf5Process } from '../src/main/data/files/hdf5'
import type { Plain } from './plain'
import { difference, openWhole, readAll } from './reading'
import type { Pixels } from './reading'

/** One data set that other software wrote, as `fuzz/peers/write.py` lists it. */
interface Written {
  readonly id: string
  readonly kind: string
  /** how it was written */
  readonly how: string
  /** what is opened */
  readonly open: string
  /** images, rows, columns, channels */
  readonly shape: readonly [number, number, number, number]
  /** levels that values may be apart */
  readonly tolerance: number
  readonly labels?: readonly string[]
}

/** Every so many go through the whole opening. */
const WHOLE = 20
const MOST_MS = 30_000

const [folder = ''] = process.argv.slice(2)
const processes = {
  decoders: new DecoderPool(() => undefined),
  hdf5: new Hdf5Process(() => undefined)
}

function wantedOf({ id, shape: [, height, width, channels] }: Written): Plain {
  const bytes = Uint8Array.from(readFileSync(join(folder, `${id}.f64`)))
  return { height, width, channels, values: new Float64Array(bytes.buffer) }
}

/** As they are named: 3 and '3' are one class. */
const namesOf = (labels: Pixels['labels']): string => (labels ?? []).map(String).join(' ')

/** What differs, in words. */
async function compared(written: Written, whole: boolean): Promise<string | undefined> {
  const place = join(folder, written.open)
  const how = { keep: true, signal: AbortSignal.timeout(MOST_MS) }
  try {
    const found = whole ? await openWhole(place, folder, how) : await readAll(place, processes, how)
    const [wanted, given] = [namesOf(written.labels), namesOf(found.labels)]
    const labels = written.labels && wanted !== given ? `labels ${given} for ${wanted}` : undefined
    return difference(found, wantedOf(written), written.tolerance) ?? labels
  } catch (thrown) {
    const { code, message } = errorFacts(thrown)
    return `${code}: ${message}`
  }
}

async function work(): Promise<void> {
  const lines = readFileSync(join(folder, 'written.jsonl'), 'utf8').trim().split('\n')
  for (const [index, line] of lines.entries()) {
    const written = JSON.parse(line) as Written
    const { id, kind, how } = written
    const wrong = await compared(written, index % WHOLE === 0)
    process.stdout.write(`${JSON.stringify({ id, kind, how, wrong })}\n`)
  }
}

void work().finally(() => Promise.all([processes.decoders.close(), processes.hdf5.close()]))
