// Saturation of 10,000 images x 128 units: Normscope against NumPy's f'(z), and whether both agree.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundled } from './bundle.mjs'
import { numbersFrom } from './findings/sets.mjs'
import { inBench } from './paths.mjs'
import { run } from './run.mjs'

const [IMAGES, UNITS] = [10_000, 128]
const ACTIVATIONS = ['sigmoid', 'tanh']
const numpyOf = (activation) => `NumPy's derivative of ${activation}`

export default {
  name: 'saturation',
  title: 'Saturation',
  rounds: 5,
  needs: ['numpy'],
  measures: { apart: { unit: 'units', digits: 0 } },
  rows: [
    ...ACTIVATIONS.map((activation) => ({
      what: `saturation of ${IMAGES.toLocaleString('en-GB')} × ${UNITS} units, ${activation}`,
      ...{ of: activation, against: numpyOf(activation) },
      ...{ measure: 'milliseconds', share: 1.3 }
    })),
    { what: 'units with another share than NumPy', of: 'both', measure: 'apart', most: 0 }
  ],
  async prepare({ peers: { numpy }, folder }) {
    const program = await bundled('saturation/normscope.ts')
    const file = join(folder, 'z.f32')
    const random = numbersFrom(5)
    // sums of three are bell-shaped, within ±9: of sigmoid and tanh about a tenth and two thirds saturate
    const z = Float32Array.from(
      { length: IMAGES * UNITS },
      () => 6 * (random() + random() + random() - 1.5)
    )
    writeFileSync(file, new Uint8Array(z.buffer))
    const peer = (activation) =>
      run(
        numpy.program,
        [inBench('saturation', 'peer.py'), file, String(UNITS), activation],
        numpy.env
      )
    const own = (activation) => run(process.execPath, [program, file, String(UNITS), activation])
    return {
      ...Object.fromEntries(
        ACTIVATIONS.flatMap((activation) => [
          [numpyOf(activation), { needs: 'numpy', run: () => peer(activation) }],
          [activation, () => own(activation)]
        ])
      ),
      both: { needs: 'numpy', rounds: 1, run: () => apart(own, peer) }
    }
  }
}

/** Units whose shares differ by half an image or more. */
async function apart(own, peer) {
  let count = 0
  for (const activation of ACTIVATIONS) {
    const [ours, theirs] = [await own(activation), await peer(activation)]
    count += ours.shares.filter((s, at) => Math.abs(s - theirs.shares[at]) * IMAGES >= 0.5).length
  }
  return { apart: count }
}
