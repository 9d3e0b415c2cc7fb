// Saturation of each unit for pre-activations in a file of float32, images x UNITS: `FILE UNITS
// ACTIVATION`. Prints seconds of the middle of seven passes and the shares as JSON.
import { readFileSync } from 'node:fs'
import { activationOf } from '../../src/core/network/activations'
import type { ActivationId } from '../../src/core/network/activations'
import { unsaturatedRange } from '../../src/core/saturation/saturation'
import { kernelsHere } from '../../src/main/statistics/kernels-here'

const PASSES = 7

const [file = '', units = '', activation = ''] = process.argv.slice(2)
const bytes = readFileSync(file)
const z = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
const { kernels } = kernelsHere()
const seconds: number[] = []
let shares: readonly number[] = []
for (let pass = 0; pass < PASSES; pass++) {
  const started = performance.now()
  const counts = new Int32Array(Number(units))
  const [low, high] = unsaturatedRange(activationOf(activation as ActivationId))
  kernels.countWithin(z, low, high, counts)
  shares = Array.from(counts, (count) => 1 - (count * counts.length) / z.length)
  seconds.push((performance.now() - started) / 1000)
}
seconds.sort((a, b) => a - b)
console.log(JSON.stringify({ milliseconds: 1000 * seconds[PASSES >> 1]!, shares }))
