// Whitening fitted on at most 10,000 images and applied to at most 2,000, as the app does both:
// `NPY VALUES OUT.bin|-`. Prints seconds, and the longest time that the event loop stood still, as JSON.
import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { openDataset } from '../../src/main/data/open'
import { OpenSet } from '../../src/main/engine/dataset/open-set'
import { distributionOf } from '../../src/main/engine/figures/distributions'

const [path = '', out = '-'] = process.argv.slice(2)

async function whiten(): Promise<object> {
  const set = new OpenSet(await openDataset(path))
  await set.summary('train')
  // a tick of its timer is no delay
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const started = performance.now()
  const fitted = await set.fitted({ id: 'whitened' })
  const ready = performance.now()
  await distributionOf(set, { id: 'whitened' }, 'train')
  const ended = performance.now()
  await new Promise((done) => setTimeout(done, 5))
  delay.disable()
  const { form } = fitted
  if (form.kind !== 'linear') throw new TypeError(`a form of the kind ${form.kind}`)
  if (out !== '-') writeFileSync(out, Float64Array.from(form.matrix))
  return {
    seconds: (ended - started) / 1000,
    fit: (ready - started) / 1000,
    apply: (ended - ready) / 1000,
    held: delay.max / 1e6
  }
}

void whiten().then((found) => {
  console.log(JSON.stringify(found))
  process.exit(0)
})
