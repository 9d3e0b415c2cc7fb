// The data sets of the grid: IDX files in a folder of the caller's, made from Fashion-MNIST's own
// files and, in colour, from a seed. Nothing here depends on Normscope.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** Numbers in [0, 1) from a seed (Marsaglia 2003, xorshift32). */
export function numbersFrom(seed) {
  let state = (seed + 1) * 2654435769 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 4294967296
  }
}

const idx = (bytes) => ({
  dims: Array.from({ length: bytes[3] }, (_, d) => bytes.readUInt32BE(4 + 4 * d)),
  values: bytes.subarray(4 + 4 * bytes[3])
})

/** Fashion-MNIST's two splits; `count` images of the training split from the one at `first` on. */
export function fashionMnist(folder, count, first = 0) {
  const read = (name) => idx(gunzipSync(readFileSync(join(folder, `${name}.gz`))))
  const split = (name, most, from = 0) => {
    const { dims, values } = read(`${name}-images-idx3-ubyte`)
    const labels = read(`${name}-labels-idx1-ubyte`).values
    const kept = Math.min(most, dims[0] - from)
    const size = dims[1] * dims[2]
    return {
      shape: [dims[1], dims[2]],
      pixels: Float64Array.from(values.subarray(from * size, (from + kept) * size)),
      labels: [...labels.subarray(from, from + kept)]
    }
  }
  return { train: split('train', count, first), test: split('t10k', 10_000) }
}

/**
 * Colour pictures of ten classes, 12 x 12 x 3 bytes: each class has two smooth templates; place,
 * brightness, tint and noise differ from picture to picture.
 */
export function colourful(seed) {
  const random = numbersFrom(seed)
  const size = 12
  const waves = () => {
    const terms = Array.from({ length: 3 }, () =>
      Array.from({ length: 3 }, () => ({
        x: random() * 0.9,
        y: random() * 0.9,
        phase: random() * 6.28,
        weight: random()
      }))
    )
    return (row, column, channel) =>
      terms[channel].reduce(
        (sum, { x, y, phase, weight }) => sum + weight * Math.sin(x * column + y * row + phase),
        0
      )
  }
  const templates = Array.from({ length: 10 }, () => [waves(), waves()])
  const split = (count) => {
    const pixels = new Float64Array(count * size * size * 3)
    const labels = Array.from({ length: count }, () => Math.floor(random() * 10))
    let at = 0
    for (const label of labels) {
      const template = templates[label][random() < 0.5 ? 0 : 1]
      const [dx, dy] = [Math.floor(random() * 5) - 2, Math.floor(random() * 5) - 2]
      const light = 90 + 70 * random()
      const contrast = 22 + 30 * random()
      const tint = [random(), random(), random()]
      for (let row = 0; row < size; row++) {
        for (let column = 0; column < size; column++) {
          for (let channel = 0; channel < 3; channel++) {
            const noise = 60 * (random() + random() + random() - 1.5)
            const value =
              light +
              30 * (tint[channel] - 0.5) +
              contrast * template(row + dy, column + dx, channel) +
              noise
            pixels[at++] = Math.round(Math.min(255, Math.max(0, value)))
          }
        }
      }
    }
    return { shape: [size, size, 3], pixels, labels }
  }
  return { train: split(6000), test: split(2000) }
}

/** Some labels replaced by those of other images: 0.4 for 40 % of the images. */
export function permuted({ labels, ...rest }, share, seed) {
  const random = numbersFrom(seed)
  const chosen = labels.flatMap((_, at) => (random() < share ? [at] : []))
  const taken = chosen.map((at) => labels[at])
  for (let i = taken.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[taken[i], taken[j]] = [taken[j], taken[i]]
  }
  const mixed = [...labels]
  chosen.forEach((at, i) => (mixed[at] = taken[i]))
  return { ...rest, labels: mixed }
}

/** `change(value, feature)` of every stored value. */
export function changed({ pixels, shape, ...rest }, change) {
  const size = shape.reduce((product, side) => product * side, 1)
  return { ...rest, shape, pixels: pixels.map((value, at) => change(value, at % size)) }
}

/** Of every class but one only so many images. */
export function lopsided({ pixels, labels, shape }, kept, many) {
  const size = shape.reduce((product, side) => product * side, 1)
  const seen = new Map()
  const rows = labels.flatMap((label, row) => {
    seen.set(label, (seen.get(label) ?? 0) + 1)
    return label === kept || seen.get(label) <= many ? [row] : []
  })
  const taken = new Float64Array(rows.length * size)
  rows.forEach((row, at) => taken.set(pixels.subarray(row * size, (row + 1) * size), at * size))
  return { shape, pixels: taken, labels: rows.map((row) => labels[row]) }
}

/** Writes a set as IDX files, as bytes or, where `float` is set, as 32-bit floats. */
export function writeSet(folder, { train, test }, { float = false } = {}) {
  mkdirSync(folder, { recursive: true })
  const write = (name, { shape, pixels, labels }) => {
    const dims = [labels.length, ...shape]
    const head = Buffer.alloc(4 + 4 * dims.length)
    head[2] = float ? 0x0d : 0x08
    head[3] = dims.length
    dims.forEach((side, d) => head.writeUInt32BE(side, 4 + 4 * d))
    const body = Buffer.alloc(pixels.length * (float ? 4 : 1))
    pixels.forEach((value, at) => (float ? body.writeFloatBE(value, at * 4) : (body[at] = value)))
    writeFileSync(join(folder, `${name}-images-idx3-ubyte`), Buffer.concat([head, body]))
    const labelHead = Buffer.from([0, 0, 8, 1, 0, 0, 0, 0])
    labelHead.writeUInt32BE(labels.length, 4)
    const labelBytes = Buffer.concat([labelHead, Buffer.from(labels)])
    writeFileSync(join(folder, `${name}-labels-idx1-ubyte`), labelBytes)
  }
  write('train', train)
  write('t10k', test)
  return folder
}
