import { beforeAll, describe, expect, it } from 'vitest'
import {
  joinPrograms,
  networkCode,
  NETWORK_FRAMEWORKS
} from '../../../../src/core/network/code/code'
import type { NetworkFramework } from '../../../../src/core/network/code/code'
import { TUTORIAL_CONFIG } from '../../../../src/core/network/config'
import type { RunConfig } from '../../../../src/core/network/config'
import { INITIALISERS, initialiserOf } from '../../../../src/core/network/initialisers'
import { LAYERS } from '../../../../src/core/network/layers/list'
import { elements, factorCount, networkPlan } from '../../../../src/core/network/layers/plan'
import type { NetworkPlan } from '../../../../src/core/network/layers/plan'
import { PRESETS } from '../../../../src/core/network/layers/presets'
import { parseLayers } from '../../../../src/core/network/layers/text'
import { LOSSES } from '../../../../src/core/network/losses'
import { OPTIMISERS } from '../../../../src/core/network/optimisers'
import { createRandom } from '../../../../src/core/random'
import {
  logitsReference,
  relativeError,
  trainReference
} from '../../../main/trainer/reference-network'
import { PYTHONS, runPrograms } from './programs'
import type { Program, Ran } from './programs'

type Image = readonly [number, number, number]

/** Every kind of layer, on images where the padding is uneven, and each activation that is written otherwise. */
const EVERY_KIND =
  'bn,conv5x5-8/s2,ln,lecun-tanh,avgpool3/s2/same,conv4x4-6/s2/nobias,leaky-relu,pool3/s2/same,residual-6,residual-4/s2,dropout-0.25,flatten,dense-7,sigmoid,ln,dense-5/nobias,bn,tanh,dropout-0.5,dense-4,linear'
const POOLED = 'conv2x2-5,pool2/same,avgpool2/s1,conv3x3-3/valid,avgpool2/s1/same,gap,ln'

const NETWORKS: readonly {
  readonly name: string
  readonly layers: string
  readonly image: Image
}[] = [
  ...PRESETS.map(({ id }) => ({ name: id, layers: id, image: [28, 28, 1] as const })),
  { name: 'lenet-5 on colour', layers: 'lenet-5', image: [32, 32, 3] },
  { name: 'no hidden layer', layers: 'none', image: [5, 6, 2] },
  { name: 'every kind of layer', layers: EVERY_KIND, image: [33, 42, 3] },
  { name: 'every kind of layer on other sides', layers: EVERY_KIND, image: [40, 37, 1] },
  { name: 'windows that overlap', layers: POOLED, image: [9, 12, 3] }
]

const imagesOf = ([height, width, channels]: Image, classes: number) => ({
  height,
  width,
  channels,
  classNames: Array.from({ length: classes }, (_, c) => String(c))
})

function configOf(layers: string, change: Partial<RunConfig> = {}): RunConfig {
  const list = parseLayers(layers)
  const ones = new Array<number>(factorCount(list)).fill(1)
  const factors = { initFactors: ones, stepFactors: ones, epsilonFactors: ones, decayFactors: ones }
  return { ...TUTORIAL_CONFIG, layers: list, ...factors, ...change }
}

/** Weights of no special kind, moving variances above 0. */
function someWeights(plan: NetworkPlan): number[][] {
  const random = createRandom(5, 'weights of programs')
  return plan.parameters.map((parameter) => {
    const { role, fans } = parameter
    const std = fans ? Math.sqrt(2 / fans.inputs) : 0.3
    const offset = role === 'variance' || role === 'scale' ? 1 : 0
    return Array.from({ length: elements(parameter) }, () =>
      Math.fround(offset + (role === 'variance' ? random.uniform() : std * random.normal()))
    )
  })
}

function someImages(count: number, [height, width, channels]: Image): number[] {
  const random = createRandom(6, 'images of programs')
  return Array.from({ length: count * height * width * channels }, () =>
    Math.fround(random.uniform())
  )
}

function programOf(framework: NetworkFramework, layers: string, image: Image): Program {
  const config = configOf(layers)
  return {
    code: networkCode(config, imagesOf(image, 10), framework),
    images: someImages(3, image),
    shape: [3, ...image],
    weights: someWeights(networkPlan(config, image, 10))
  }
}

/** Small dense networks that are trained three steps on all images at once. */
interface Training {
  readonly name: string
  readonly layers?: string
  readonly image?: Image
  readonly change?: Partial<RunConfig>
}
const TRAINED =
  'bn,conv3x3-4/s2,ln,avgpool2/s1/same,residual-3/s2,conv2x2-3/nobias,bn,flatten,dense-5'
const IMAGE: Image = [2, 3, 1]
const COUNT = 12
const EPOCHS = 3
const rates = { sgd: 0.1, momentum: 0.05, nesterov: 0.05, rmsprop: 0.01, adam: 0.01, adamw: 0.01 }
const DECAYS = [
  ['sgd', 'l2'],
  ['momentum', 'decoupled'],
  ['nesterov', 'l2'],
  ['rmsprop', 'decoupled'],
  ['adam', 'l2'],
  ['adam', 'decoupled'],
  ['adamw', 'decoupled']
] as const
const FORMS = [
  ['exact', 'sigmoid'],
  ['clipped', 'softmax'],
  ['clipped', 'sigmoid'],
  ['clipped-2018', 'softmax']
] as const
const TRAININGS = [
  ...DECAYS.map(([id, kind]) => ({
    name: `${id}, ${kind} decay`,
    change: {
      // epsilon so small that it does not matter where it is added
      optimiser: { ...TUTORIAL_CONFIG.optimiser, id, learningRate: rates[id], epsilon: 1e-12 },
      weightDecay: { kind, factor: 0.03 }
    }
  })),
  ...FORMS.map(([loss, output]) => ({
    name: `${loss} loss, ${output}`,
    change: {
      loss,
      output,
      ...(output === 'sigmoid' && { classes: [3, 5] as const }),
      optimiser: { ...TUTORIAL_CONFIG.optimiser, id: 'sgd' as const, learningRate: 0.1 }
    }
  })),
  { name: 'an input that is scaled', change: { input: { scale: 0.5, offset: -0.25 } } },
  {
    name: 'layers with windows and moments',
    layers: TRAINED,
    image: [9, 10, 2] as const,
    change: { optimiser: { ...TUTORIAL_CONFIG.optimiser, id: 'sgd' as const, learningRate: 0.1 } }
  }
].map(({ name, layers = 'dense-4', image = [2, 3, 1] as const, change = {} }: Training) => ({
  name,
  image,
  config: configOf(layers, {
    ...change,
    activation: 'tanh',
    batch: COUNT,
    epochs: EPOCHS
  } as Partial<RunConfig>)
}))

const classesOf = ({ output }: RunConfig): number => (output === 'sigmoid' ? 2 : 3)
const labelsOf = (config: RunConfig): number[] =>
  Array.from({ length: COUNT }, (_, i) => i % classesOf(config))
/** So large that some probabilities are clipped. */
const trainingWeights = (config: RunConfig, plan: NetworkPlan): number[][] =>
  someWeights(plan).map((values, i) =>
    i === 2 && config.layers.length === 1 ? values.map((value) => 20 * value) : values
  )

function trainingOf(framework: NetworkFramework, config: RunConfig, image: Image): Program {
  const classes = classesOf(config)
  return {
    code: networkCode(config, imagesOf(image, classes), framework),
    images: someImages(COUNT, image),
    shape: [COUNT, ...image],
    weights: trainingWeights(config, networkPlan(config, image, classes)),
    labels: labelsOf(config)
  }
}

const STARTS = INITIALISERS.map(({ id }) =>
  configOf('conv3x3-40/valid,dense-50', { initialiser: id })
)
const START_IMAGE: Image = [12, 12, 3]

const results = new Map<NetworkFramework, Map<string, Ran>>()

describe.each(NETWORK_FRAMEWORKS)('a network as a program of %s', (framework) => {
  const python = PYTHONS[framework]
  const named: readonly (readonly [string, Program])[] = [
    ...NETWORKS.map(
      ({ name, layers, image }) => [name, programOf(framework, layers, image)] as const
    ),
    ...TRAININGS.map(
      ({ name, config, image }) => [name, trainingOf(framework, config, image)] as const
    ),
    ...STARTS.map((config) => {
      const code = networkCode(config, imagesOf(START_IMAGE, 10), framework)
      const images = someImages(1, START_IMAGE)
      const program = { code, images, shape: [1, ...START_IMAGE], weights: [] }
      return [config.initialiser, program] as const
    })
  ]
  const of = (name: string): Ran => results.get(framework)!.get(name)!

  beforeAll(async () => {
    if (!python) return
    const ran = await runPrograms(
      framework,
      named.map(([, program]) => program)
    )
    results.set(framework, new Map(named.map(([name], i) => [name, ran[i]!])))
  }, 300_000)

  it.skipIf(!python).each(NETWORKS)(
    'has the weights of the plan, one for one: $name',
    ({ name, layers, image }) => {
      const plan = networkPlan(configOf(layers), image, 10)
      expect(of(name).shapes).toEqual(plan.parameters.map(({ shape }) => shape))
      expect(of(name).trained).toBe(plan.weights)
    }
  )

  it.skipIf(!python).each(NETWORKS)(
    'gives the values that the plan means, as in float64 by hand: $name',
    ({ name, layers, image }) => {
      const config = configOf(layers)
      const plan = networkPlan(config, image, 10)
      const expected = logitsReference({
        config,
        plan,
        inputs: Float64Array.from(someImages(3, image)),
        labels: [0, 0, 0],
        weights: someWeights(plan),
        order: Int32Array.of(0, 1, 2)
      })
      const { outputs } = of(name)
      const spread = Math.max(...expected.map(Math.abs))
      expect(outputs).toHaveLength(3 * 10)
      expected.forEach((value, i) =>
        expect(Math.abs(outputs[i]! - value)).toBeLessThan(2e-5 * spread)
      )
    }
  )

  it.skipIf(!python).each(TRAININGS)(
    'trains as the configuration says, as in float64 by hand: $name',
    ({ name, config, image }) => {
      const { scale, offset } = config.input
      const plan = networkPlan(config, image, classesOf(config))
      const start = trainingWeights(config, plan)
      const reference = trainReference({
        config,
        plan,
        inputs: Float64Array.from(someImages(COUNT, image), (value) => scale * value + offset),
        labels: labelsOf(config),
        weights: start,
        order: Int32Array.from({ length: COUNT * EPOCHS }, (_, i) => i % COUNT)
      })
      // PyTorch has another moving variance, and says so
      const alike = plan.parameters.map(({ role }) => framework === 'keras' || role !== 'variance')
      const compared = <V>(values: readonly V[]): V[] => values.filter((_, at) => alike[at])
      expect(
        relativeError(compared(of(name).after!), compared(reference.weights), compared(start))
      ).toBeLessThan(2e-4)
    }
  )

  it.skipIf(!python).each(STARTS)(
    'starts with the weights that $initialiser draws, and biases at 0',
    (config) => {
      const plan = networkPlan(config, START_IMAGE, 10)
      const { start } = of(config.initialiser)
      const record = initialiserOf(config.initialiser)
      plan.parameters.forEach(({ role, fans }, at) => {
        const values = start[at]!
        const greatest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
        if (role === 'bias') return expect(greatest).toBe(0)
        const std = record.std(fans!.inputs, fans!.outputs, { initialStd: config.initialStd })
        const found = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length)
        // 4 standard errors of a normal distribution's
        expect(Math.abs(found / std - 1)).toBeLessThan(4 / Math.sqrt(2 * values.length))
        const most = { uniform: Math.sqrt(3), 'truncated-normal': 2 / 0.8796, normal: Infinity }
        expect(greatest / std).toBeLessThan(most[record.kind] * 1.0001)
      })
    }
  )

  it('names nothing twice and leaves no line too long to read', () => {
    for (const [name, { code }] of named) {
      const lines = code.split('\n').filter((line) => !line.startsWith('#'))
      expect(Math.max(...lines.map(({ length }) => length)), name).toBeLessThanOrEqual(120)
      const defined = lines.flatMap((line) => /^(?:def|class) (\w+)/.exec(line)?.[1] ?? [])
      expect(new Set(defined).size, name).toBe(defined.length)
    }
  })
})

describe('programs', () => {
  it('are held against every kind of layer, loss and optimiser', () => {
    const used = new Set(
      [EVERY_KIND, POOLED].flatMap((text) => parseLayers(text).map(({ kind }) => kind))
    )
    expect([...used].sort()).toEqual(LAYERS.map(({ id }) => id).sort())
    expect(new Set(DECAYS.map(([id]) => id))).toEqual(new Set(OPTIMISERS.map(({ id }) => id)))
    expect(new Set(['exact', ...FORMS.map(([id]) => id)])).toEqual(
      new Set(LOSSES.map(({ id }) => id))
    )
  })

  it('say what they leave out', () => {
    const factored = configOf('dense-8', {
      initFactors: [0.5, 1],
      startBias: 'undo-offset',
      input: { scale: 1, offset: 3 }
    })
    for (const framework of NETWORK_FRAMEWORKS) {
      const text = networkCode(factored, imagesOf(IMAGE, 3), framework)
      expect(text).toContain(
        '# Not in this program: factors on initial weights, layer by layer 0.5, 1.'
      )
      expect(text).toContain('# Not in this program: first biases that undo the offset')
      expect(networkCode(configOf('dense-8'), imagesOf(IMAGE, 3), framework)).not.toContain(
        'Not in this'
      )
    }
  })

  it('stand behind the code of a choice, imports once and above all', () => {
    const network = networkCode(configOf('dense-8'), imagesOf(IMAGE, 3), 'keras')
    const choice = 'import keras\n\npreprocess = keras.layers.Rescaling(1 / 255)\n'
    expect(joinPrograms([choice, network])).toBe(
      [
        'import keras',
        'from keras import layers',
        '',
        'preprocess = keras.layers.Rescaling(1 / 255)',
        '',
        '',
        network.replace(/import keras\nfrom keras import layers\n\n/, '')
      ].join('\n')
    )
  })

  it('refuse what the plan refuses', () => {
    expect(() => networkCode(configOf('gap,pool2'), imagesOf(IMAGE, 3), 'keras')).toThrow(
      /needs height/
    )
  })
})
