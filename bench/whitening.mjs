// Whitening fitted on 10,000 images of Fashion-MNIST and applied to 2,000: Normscope against NumPy's
// eigh and product; the same for images of 3,072 values, and how long the engine's loop stood still.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { bundled } from './bundle.mjs'
import { inBench } from './paths.mjs'
import { run } from './run.mjs'

const EIGH = 'NumPy, eigh in float64'
const SMALL = 'Normscope'
const LARGE = '3,072 values'
const EIGH_LARGE = 'NumPy, 3,072 values'

/** Of the second set: colour images as large as CIFAR's. */
const [COUNT, SIZE] = [4000, 32]

export default {
  name: 'whitening',
  title: 'Whitening',
  rounds: 3,
  needs: ['numpy'],
  measures: { held: { unit: 'ms', digits: 0 } },
  rows: [
    { what: 'fit and apply, 784 values', of: SMALL, against: EIGH, share: 1.5 },
    { what: 'fit and apply, 3,072 values', of: LARGE, against: EIGH_LARGE },
    { what: 'longest the event loop stood still', of: SMALL, measure: 'held', most: 50 }
  ],
  async prepare({ peers: { numpy }, folder }) {
    const program = await bundled('whitening/normscope.ts')
    const header = 16
    const fashion = join(process.env.NORMSCOPE_FASHION_MNIST, 'train-images-idx3-ubyte.gz')
    const bytes = gunzipSync(readFileSync(fashion)).subarray(header)
    const [small, large] = [join(folder, 'small.bin'), join(folder, 'large.bin')]
    writeFileSync(small, bytes)
    const colours = colourImages(bytes)
    writeFileSync(large, colours)
    const npy = join(folder, 'large.npy')
    writeFileSync(npy, Buffer.concat([npyHeader(), colours]))
    const peer = (path, values) => {
      const args = [inBench('whitening', 'peers.py'), 'float64', String(values), path, '-']
      return run(numpy.program, args, numpy.env)
    }
    return {
      [SMALL]: () => run(process.execPath, [program, 'fashion-mnist']),
      [EIGH]: { needs: 'numpy', run: () => peer(small, 784) },
      [LARGE]: { rounds: 1, run: () => run(process.execPath, [program, npy]) },
      [EIGH_LARGE]: { needs: 'numpy', rounds: 1, run: () => peer(large, SIZE * SIZE * 3) }
    }
  }
}

/** Pictures of clothes, each put together from those that follow it: of full rank, unlike noise. */
function colourImages(bytes) {
  const values = SIZE * SIZE * 3
  const images = Buffer.alloc(COUNT * values)
  for (let image = 0; image < COUNT; image++) {
    const start = (image * 9973) % (bytes.length - values)
    bytes.copy(images, image * values, start, start + values)
  }
  return images
}

function npyHeader() {
  const shape = `(${COUNT}, ${SIZE}, ${SIZE}, 3)`
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': ${shape}, }`
  return Buffer.from(`\x93NUMPY\x01\x00v\x00${text.padEnd(117)}\n`, 'latin1')
}
