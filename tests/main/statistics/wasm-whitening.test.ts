import { Worker } from 'node:worker_threads'
import { beforeAll, describe, expect, it } from 'vitest'
import { compiledKernels } from '../../../scripts/setup/kernels.mjs'
import { createRandom } from '../../../src/core/random'
import {
  covarianceBands,
  covarianceMatrix,
  emptyCovariance
} from '../../../src/core/statistics/covariance'
import type { Kernels } from '../../../src/core/statistics/kernels/kernels'
import { PLAIN_KERNELS } from '../../../src/core/statistics/kernels/plain'
import { wasmKernels } from '../../../src/main/statistics/wasm-kernels'
import type { TeamKernels } from '../../../src/main/statistics/wasm-kernels'
import { endTeam, newMemory, TEAM } from '../../../src/main/processes/wasm-memory'
import { pixelsOf } from './pixels'

let module: Uint8Array<ArrayBuffer>
let wasm: TeamKernels

beforeAll(async () => {
  module = await compiledKernels()
  wasm = wasmKernels(module)
}, 60_000)

/** Images that have one run of values each and their background everywhere else; the third is background alone. */
function spotsOf(images: number, features: number, background: number): Uint8Array {
  const random = createRandom(21)
  const pixels = new Uint8Array(images * features).fill(background)
  for (let image = 0; image < images; image++) {
    if (image === 2) continue
    const from = Math.floor(random.uniform() * features)
    const to = from + Math.floor(random.uniform() * (features - from))
    for (let f = from; f <= to; f++) {
      pixels[image * features + f] = Math.floor(random.uniform() * 256)
    }
  }
  return pixels
}

describe('the kernels of whitening in WebAssembly', () => {
  it.each([
    [1, 1],
    [300, 17],
    [513, 66]
  ])('add the products of %i images of %i bytes, exactly, in bands', (images, features) => {
    const pixels = pixelsOf(images, features, 9)
    for (const band of covarianceBands(features, 3)) {
      const [plain, fast] = [PLAIN_KERNELS, wasm].map((kernels) => {
        const covariance = emptyCovariance(features, band)
        kernels.addByteProducts(covariance, pixels, images, band)
        kernels.addByteProducts(covariance, pixels.subarray(0, features), 1, band)
        return covariance
      })
      expect(fast).toEqual(plain)
    }
  })

  it.each([
    [1, 5],
    [9, 16],
    [2100, 35],
    [70, 300]
  ])('add the products of %i images of %i bytes that are mostly 0', (images, features) => {
    const sets = [spotsOf(images, features, 0), new Uint8Array(images * features)]
    for (const pixels of [...sets, sets[1]!.map(() => 255)]) {
      for (const band of covarianceBands(features, 2)) {
        const shares: number[] = []
        const [plain, fast] = [PLAIN_KERNELS, wasm].map((kernels) => {
          const covariance = emptyCovariance(features, band)
          kernels.addByteProducts(covariance, pixels, images, band, (share) => shares.push(share))
          return covariance
        })
        expect(fast).toEqual(plain)
        expect(shares.at(-1)).toBe(1)
      }
    }
  })

  it.each([1, 15, 67])('find the covariance of %i bytes, to the same bit', (features) => {
    const covariance = emptyCovariance(features)
    const pixels = pixelsOf(30, features, 13)
    PLAIN_KERNELS.addByteProducts(covariance, pixels, 30, { from: 0, to: features })
    const plain = PLAIN_KERNELS.covarianceMatrix(covariance)
    expect(wasm.covarianceMatrix(covariance)).toEqual(plain)
    expect(wasm.fittingIn(newMemory()).covarianceMatrix(covariance)).toEqual(plain)
  })

  it('add products of images of many sizes, whatever of it makes the memory grow', () => {
    for (let features = 1500; features < 2500; features += 25) {
      const pixels = pixelsOf(1, features, 12)
      const band = { from: 0, to: 4 }
      const covariance = emptyCovariance(features, band)
      wasmKernels(module).addByteProducts(covariance, pixels, 1, band)
      expect(covariance.sum).toEqual(Float64Array.from(pixels))
    }
  })

  it.each([1, 2, 3, 9, 34, 67, 130])('find R with R (A + epsilon) R = 1 of %i rows', (n) => {
    // one direction of variance only half of the time: reflectors of nothing
    for (const images of [2 * n, 1]) {
      const pixels = pixelsOf(images, n, 10)
      const covariance = emptyCovariance(n)
      PLAIN_KERNELS.addByteProducts(covariance, pixels, images, { from: 0, to: n })
      const matrix = covarianceMatrix({ ...covariance, sum: new Float64Array(n) })
      const trace = matrix.reduce((sum, value, at) => (at % (n + 1) === 0 ? sum + value : sum), 0)
      const epsilon = (0.01 * trace) / n || 1
      const plain = PLAIN_KERNELS.inverseRoot(matrix.slice(), n, epsilon)
      const shares: number[] = []
      const fast = wasm.inverseRoot(matrix.slice(), n, epsilon, (share) => shares.push(share))
      expect(shares).toEqual([...shares].sort((a, b) => a - b))
      expect(shares.every((share) => share > 0 && share <= 1)).toBe(true)
      expect(Math.abs(fast.largest - plain.largest)).toBeLessThanOrEqual(1e-13 * trace)
      const furthest = Math.max(...fast.root.map((value, at) => Math.abs(value - plain.root[at]!)))
      expect(furthest * Math.sqrt(epsilon)).toBeLessThan(1e-11)
    }
  })

  it.each([
    [1, 1],
    [5, 17],
    [4, 64],
    // more than the memory that new kernels have
    [2, 300]
  ])('multiply %i rows by a symmetric matrix of %i', (count, n) => {
    const random = createRandom(11)
    const rows = Float64Array.from({ length: count * n }, () => random.normal())
    const matrix = new Float32Array(n * n)
    for (let i = 0; i < n; i++) {
      for (let j = i; j < n; j++) matrix[i * n + j] = matrix[j * n + i] = random.normal()
    }
    const means = Float64Array.from({ length: n }, () => random.normal())
    for (const given of [rows, Uint8Array.from(rows, (value) => Math.abs(10 * value))]) {
      const plain = PLAIN_KERNELS.symmetricTimes(given, means, matrix)
      wasmKernels(module)
        .symmetricTimes(given, means, matrix)
        .forEach((value, at) => expect(value).toBeCloseTo(plain[at]!, 10))
    }
  })

  it.each([
    [1, 9, 0],
    [3, 16, 0],
    [7, 35, 255],
    [250, 40, 0],
    [31, 70, 131]
  ])('multiply %i images of %i bytes by a matrix, most of which are %i', (count, n, background) => {
    const random = createRandom(17)
    const matrix = Float32Array.from({ length: n * n }, () => random.normal())
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) matrix[i * n + j] = matrix[j * n + i]!
    const means = Float64Array.from({ length: n }, () => 255 * random.uniform())
    const images = spotsOf(count, n, background)
    const of = (kernels: Kernels, some: Uint8Array | Float64Array) =>
      kernels.symmetricTimes(some, means, matrix)
    for (const given of [images, images.map(() => background), Float64Array.from(images)]) {
      const plain = of(PLAIN_KERNELS, given)
      const fast = of(wasm, given)
      expect(fast.length).toBe(plain.length)
      const into = new Float64Array(plain.length)
      expect(wasm.symmetricTimes(given, means, matrix, into)).toBe(into)
      expect(into).toEqual(fast)
      fast.forEach((value, at) => expect(Math.abs(value - plain[at]!)).toBeLessThan(1e-9))
    }
  })

  it.each([1, 67, 300])('find the root of %i rows to the same bit, whoever assists', async (n) => {
    const kernels = wasmKernels(module)
    const matrix = covarianceOf(n, 3 * n)
    const alone = kernels.inverseRoot(matrix.slice(), n, 1)
    for (const others of [1, 3]) {
      const memory = newMemory()
      const threads = Array.from({ length: others }, () => inThread(ASSIST, memory))
      await until(() => came(memory) === others)
      expect(kernels.fittingIn(memory).inverseRoot(matrix.slice(), n, 1)).toEqual(alone)
      endTeam(memory)
      expect(await Promise.all(threads)).toEqual(Array(others).fill(0))
    }
  })

  it('assist with so many parts at most, and not at all when all is over', () => {
    const kernels = wasmKernels(module)
    const memory = newMemory()
    kernels.assistIn(memory, 0)
    endTeam(memory)
    kernels.assistIn(memory)
    expect(came(memory)).toBe(2)
  })

  it('end where somebody who assists is lost in the middle of a part', async () => {
    const memory = newMemory()
    const thread = inThread(TAKE_AND_END, memory)
    await until(() => came(memory) === 1)
    const { inverseRoot } = wasmKernels(module).fittingIn(memory)
    expect(() => inverseRoot(covarianceOf(300, 300), 300, 1)).toThrow(WebAssembly.RuntimeError)
    expect(await thread).toBe(0)
  })
})

const ASSIST =
  'new WebAssembly.Instance(new WebAssembly.Module(module), { env: { memory } }).exports.assist(team, 1e9)'

/** Takes a part, does not do it, and is said to be lost. */
const TAKE_AND_END = `
  const parts = new BigInt64Array(memory.buffer, team, 1)
  const [came, lost] = [32, 48].map((at) => new Int32Array(memory.buffer, team + 4 * at, 1))
  Atomics.store(came, 0, 1)
  for (;;) {
    const free = Atomics.load(parts, 0)
    if ((free & 0xffffn) === 0n) continue
    const left = free & (free - 1n)
    if (Atomics.compareExchange(parts, 0, free, left) === free) break
  }
  Atomics.store(lost, 0, 1)`

/** The exit code of a thread that does something in a memory. */
function inThread(code: string, memory: WebAssembly.Memory): Promise<number> {
  const worker = new Worker(
    `const { module, memory, team } = require('node:worker_threads').workerData; ${code}`,
    { eval: true, workerData: { module, memory, team: TEAM } }
  )
  return new Promise((done, fail) => worker.once('error', fail).once('exit', done))
}

const came = ({ buffer }: WebAssembly.Memory): number =>
  Atomics.load(new Int32Array(buffer, TEAM + 128, 1), 0)

async function until(fact: () => boolean): Promise<void> {
  while (!fact()) await new Promise((done) => setTimeout(done, 1))
}

function covarianceOf(features: number, images: number): Float64Array {
  const covariance = emptyCovariance(features)
  const pixels = pixelsOf(images, features, 10)
  PLAIN_KERNELS.addByteProducts(covariance, pixels, images, { from: 0, to: features })
  return covarianceMatrix(covariance)
}
