import { dense } from '../../../src/core/network/layers/layers'
import { describe, expect, it } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import { runConfig } from '../../../src/core/study/config-schema'

describe('a configuration of an earlier version', () => {
  it('has the input as chosen and biases that start at 0', () => {
    const { input: _, startBias: __, ...earlier } = TUTORIAL_CONFIG
    const read = runConfig.parse(earlier)
    expect(read.input).toEqual({ scale: 1, offset: 0 })
    expect(read.startBias).toBe('zero')
  })
  it('has factors of 1 on epsilon and decay for each of its layers', () => {
    const ones = [1, 1, 1]
    const hidden = { layers: [dense(8), dense(4)], initFactors: ones, stepFactors: ones }
    const { epsilonFactors: _, decayFactors: __, ...earlier } = { ...TUTORIAL_CONFIG, ...hidden }
    expect(runConfig.parse(earlier)).toMatchObject({ epsilonFactors: ones, decayFactors: ones })
  })
  it('is refused with factors for another number of layers', () => {
    const refused = runConfig.safeParse({ ...TUTORIAL_CONFIG, decayFactors: [1] })
    expect(refused.error?.issues[0]).toMatchObject({ path: ['decayFactors'] })
  })
  it('is refused where the input is multiplied by nothing', () => {
    const input = { scale: 0, offset: 0 }
    expect(runConfig.safeParse({ ...TUTORIAL_CONFIG, input }).success).toBe(false)
  })
})
