// Fashion-MNIST's gzipped training images to bytes: Normscope against Python's gzip and against igzip.
import { join } from 'node:path'
import { bundled } from './bundle.mjs'
import { inBench } from './paths.mjs'
import { run } from './run.mjs'

export default {
  name: 'open',
  title: 'Opening',
  rounds: 5,
  needs: ['python', 'igzip'],
  rows: [
    { what: 'train-images.gz to bytes', of: 'Normscope', against: "Python's gzip", share: 0.55 },
    { what: 'train-images.gz to bytes', of: 'Normscope', against: 'igzip', share: 1.2 }
  ],
  async prepare({ peers: { python, igzip } }) {
    const program = await bundled('statistics/normscope.ts')
    const file = join(process.env.NORMSCOPE_FASHION_MNIST, 'train-images-idx3-ubyte.gz')
    return {
      "Python's gzip": {
        needs: 'python',
        run: () => run(python.program, [inBench('open', 'gunzip.py'), file], python.env)
      },
      igzip: {
        needs: 'igzip',
        run: () =>
          run(process.execPath, [inBench('open', 'igzip.mjs'), igzip.program, file], igzip.env)
      },
      Normscope: () => run(process.execPath, [program, 'open', file])
    }
  }
}
