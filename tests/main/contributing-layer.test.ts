import { afterEach, describe, expect, it, vi } from 'vitest'
import type * as ListOfLayers from '../../src/core/network/layers/list'
import { TUTORIAL_CONFIG } from '../../src/core/network/config'
import { layerSpec } from '../../src/core/network/layers/layers'
import { networkPlan } from '../../src/core/network/layers/plan'
import { layersText, parseLayers } from '../../src/core/network/layers/text'
import { NETWORK } from '../../src/core/network/tables'
import { configSchema } from '../../src/core/study/config-schema'
import { groupRuns } from '../../src/core/study/groups'
import { configuration } from '../../src/main/cli/configuration'
import { COMMANDS } from '../../src/main/cli/commands'
import { runProgram } from '../../src/main/cli/program'
import {
  fieldsInPlace,
  rowOf,
  ruleText,
  withKind
} from '../../src/renderer/frame/dialogs/network-layers'
import { runRecord } from '../renderer/fixtures/runs'
import { initialWeights } from '../../src/core/network/weights'

/** The list of kinds of layers with that of CONTRIBUTING.md at its end. */
vi.mock('../../src/core/network/layers/list', async (original) => {
  const { workedExamples } = await import('./worked-examples')
  const [record] = workedExamples('A kind of layer', {
    ...(await import('../../src/core/network/layers/layer')),
    ...(await import('../../src/core/network/layers/fields'))
  })
  return { LAYERS: [...(await original<typeof ListOfLayers>()).LAYERS, record] }
})

// the compiler does not know it
const kind = 'conv-block' as 'conv'
const text = 'block-8,pool2,block-16,tanh'
const config = { ...TUTORIAL_CONFIG, layers: parseLayers(text) }

afterEach(() => void vi.restoreAllMocks())

describe('a kind of layer that is added', () => {
  it('is read and written', () => {
    expect(config.layers[0]).toEqual({ kind, filters: 8 })
    expect(layersText(config.layers)).toBe(text)
    expect(() => parseLayers('block-0')).toThrow('Filters is a whole number from 1 to 1024')
  })

  it('has a shape, weights, what it keeps, an activation and a place for factors', () => {
    const plan = networkPlan(config, [28, 28, 1], 10)
    // 3 x 3 x 1 x 8 and a scale and a shift for each channel; a moving mean and variance for each
    expect(plan.layers[0]).toMatchObject({ shape: [28, 28, 8], weights: 88, kept: 16 })
    expect(plan.layers[2]).toMatchObject({ shape: [14, 14, 16], activation: 'tanh' })
    expect(plan.activated.map(({ name }) => name)).toEqual([
      'Convolution block 1',
      'Convolution block 2'
    ])
    expect(plan.parameters.flatMap(({ factor }) => factor ?? [])).toEqual([0, 1, 2])
    expect(() =>
      networkPlan({ ...config, layers: parseLayers('8,block-8') }, [28, 28, 1], 10)
    ).toThrow('Layer 2, Convolution block: it needs height, width and channels')
  })

  it('starts with weights of the initialiser', () => {
    const plan = networkPlan(config, [28, 28, 1], 10)
    const [kernel] = initialWeights(config, plan)
    // Glorot uniform: sqrt(6 / (9 + 72)) for 9 inputs and 72 outputs
    const most = Math.max(...kernel!.map(Math.abs))
    expect(most).toBeLessThanOrEqual(Math.sqrt(6 / 81))
    expect(most).toBeGreaterThan(0.9 * Math.sqrt(6 / 81))
  })

  it('is in the schema, and refused with what it does not have', () => {
    const ones = [1, 1, 1]
    const factors = {
      initFactors: ones,
      stepFactors: ones,
      epsilonFactors: ones,
      decayFactors: ones
    }
    const schema = configSchema(NETWORK)
    expect(schema.parse({ ...config, ...factors }).layers).toEqual(config.layers)
    const odd = { ...config, ...factors, layers: [{ kind, units: 8 }, ...config.layers.slice(1)] }
    expect(schema.safeParse(odd).success).toBe(false)
  })

  it('is offered in the dialog with its fields and activation', () => {
    expect(fieldsInPlace(kind).open.map(([key]) => key)).toEqual(['filters'])
    const row = withKind(rowOf(layerSpec('conv', { filters: 4 })), kind)
    expect(row).toMatchObject({ kind, texts: { filters: '4' } })
    expect(ruleText([row], 0, 'relu')).toBe('ReLU (network’s)')
  })

  it('is taken by the command line and told in its help', async () => {
    expect(configuration({ layers: text }, { id: 'unit' })).toMatchObject({
      layers: config.layers,
      initFactors: [1, 1, 1]
    })
    const lines: string[] = []
    vi.spyOn(console, 'info').mockImplementation((line: string) => void lines.push(line))
    const { signal } = new AbortController()
    await runProgram(['layers', '--help'], { commands: COMMANDS, signal, programFolder: '.' })
    expect(lines.join('')).toMatch(/block-16 +Convolution block: a convolution of 3 × 3/)
  })

  it('names runs', () => {
    const runs = [runRecord(), runRecord({ config })]
    expect(groupRuns(runs).map(({ label }) => label)[1]).toContain(text)
  })
})
