// Start: the command line beside a Node that does nothing, and the desktop app with Fashion-MNIST up to
// its first pictures beside a window of the same Electron with one word in it. The set's numbers lie on
// disk already: the start is a warm one.
/* global document -- what runs in the page */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { displayFor, inElectron } from './desktop.mjs'
import { cliProgram, inBench, inProject } from './paths.mjs'

const [NODE, WINDOW, APP] = ['node -e 0', 'bare window', 'window of Normscope']

export default {
  name: 'start',
  title: 'Start',
  rounds: 5,
  needs: ['electron'],
  rows: [
    { what: 'normscope --help', of: '--help', against: NODE, more: 0.25 },
    { what: 'normscope inspect fashion-mnist', of: 'inspect', against: NODE, more: 0.5 },
    { what: 'first picture of Fashion-MNIST', of: APP, against: WINDOW, share: 2 },
    { what: 'first picture of Fashion-MNIST', of: APP, against: WINDOW, more: 1.5 }
  ],
  async prepare({ folder }) {
    await displayFor()
    const window = (name, args, ready) => ({
      needs: 'electron',
      run: () => opened(join(folder, name), args, ready)
    })
    await timed([cliProgram, 'inspect', 'fashion-mnist'])
    return {
      [NODE]: () => timed(['-e', '0']),
      '--help': () => timed([cliProgram, '--help']),
      inspect: () => timed([cliProgram, 'inspect', 'fashion-mnist', '--json']),
      [WINDOW]: window('bare', [inBench('start', 'bare')], firstWords),
      [APP]: window('app', [inProject(), 'fashion-mnist'], firstPicture)
    }
  }
}

async function timed(args) {
  const started = performance.now()
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  const seconds = (performance.now() - started) / 1000
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`)
  return { seconds }
}

/** Seconds from the call of Electron until `ready(page)`. */
const opened = (folder, args, ready) =>
  inElectron(folder, args, async (page, { started }) => {
    await ready(page)
    return { seconds: (performance.now() - started) / 1000 }
  })

const firstWords = (page) => page.getByRole('heading', { name: 'Image 0' }).waitFor()

/** Thumbnails are drawn: their canvas has more than a few colours. */
async function firstPicture(page) {
  await page.waitForFunction(() => {
    const canvas = document.querySelector('[role=listbox] canvas')
    if (!canvas?.width || !canvas.height) return false
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    return new Set(new Uint32Array(data.buffer)).size > 100
  })
}
