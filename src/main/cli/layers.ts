import { ACTIVATIONS } from '../../core/network/activations'
import { TUTORIAL_CONFIG } from '../../core/network/config'
import { isOption } from '../../core/network/layers/layer'
import { LAYERS } from '../../core/network/layers/list'
import { stepBytes } from '../../core/network/layers/memory'
import { networkPlan } from '../../core/network/layers/plan'
import type { PlanLayer } from '../../core/network/layers/plan'
import { PRESETS } from '../../core/network/layers/presets'
import { shapeText } from '../../core/network/layers/shape'
import type { Shape } from '../../core/network/layers/shape'
import { layerText, layersText, optionWords, presetOf } from '../../core/network/layers/text'
import { idsOf } from '../../core/network/setting'
import { SETTINGS } from '../../core/network/settings'
import { bytesText, compact, grouped, percent } from '../../core/numbers'
import type { Command, Context } from './command'
import { hiddenLayers } from './configuration'
import { CLASS_NAMES_OPTION, OPEN_OPTIONS, openFor } from './dataset'
import { tableLines } from './table'
import { number, text, UsageError, word } from './usage'

type Options = Readonly<Record<string, unknown>>

/** What the network sees where no data set is named. */
const EXAMPLE = { shape: [28, 28, 1], classes: 10 } as const

/** A network layer by layer: what comes out, weights, work. */
export const layers: Command = {
  usage: 'layers [list]',
  description: 'Show a network layer by layer: shapes, weights, share of the work',
  options: [
    ['--data <path>', 'The data set whose images the network gets'],
    ...OPEN_OPTIONS,
    CLASS_NAMES_OPTION,
    ['--shape <size>', 'Height, width and channels of an image without a data set (28x28x1)'],
    ['--classes <count>', 'Classes without a data set (10)'],
    [
      '--activation <id>',
      `The network’s: ${idsOf(ACTIVATIONS).join(', ')} (${TUTORIAL_CONFIG.activation})`
    ],
    ['--batch <images>', `Images per step, for the memory (${TUTORIAL_CONFIG.batch})`]
  ],
  example: 'normscope layers conv3x3-16,bn,pool2,flatten,dense-128 --shape 32x32x3',
  more: [
    { title: 'Layers', body: grammar() },
    {
      title: 'Networks by name',
      body: lines(PRESETS.map(({ id, layers: list }) => [id, list]))
    }
  ],
  async run(context, [given = ''], options) {
    const { output } = context
    if (given === '') return sayKinds(context)
    const config = {
      ...TUTORIAL_CONFIG,
      layers: hiddenLayers({ layers: given }),
      activation:
        word(options, 'activation', '--activation', idsOf(ACTIVATIONS)) ??
        TUTORIAL_CONFIG.activation
    }
    const batch = number(options, 'batch', '--batch', SETTINGS.batch.limits) ?? config.batch
    const { shape, classes, of } = await imagesOf(context, options)
    const plan = networkPlan(config, shape, classes)
    const total = (of: (layer: PlanLayer) => number): number =>
      plan.layers.reduce((sum, layer) => sum + of(layer), 0)
    const sums = {
      weights: plan.weights,
      kept: total(({ kept }) => kept),
      work: total(({ work }) => work),
      stepBytes: stepBytes(plan, batch)
    }
    const preset = presetOf(config.layers)
    output.give({
      layers: layersText(config.layers),
      preset: preset?.id,
      input: shape,
      classes,
      batch,
      table: plan.layers.map(({ spec, parameters: _, ...layer }) => ({
        ...layer,
        text: spec && layerText(spec)
      })),
      ...sums
    })
    if (preset) output.say(`${preset.name}: ${preset.source}`)
    if (config.layers.length === 0) output.say('No hidden layer: a linear classifier.')
    output.say(`For ${of}: ${shapeText(shape)}, ${classes} classes.`)
    output.say('')
    for (const line of layerTable(plan.layers)) output.say(line)
    output.say('')
    const kept = sums.kept > 0 ? `, ${grouped(sums.kept)} moving moments kept` : ''
    output.say(
      `${grouped(sums.weights)} weights${kept}; ${compact(sums.work)} multiply-adds for an image; ` +
        `about ${bytesText(sums.stepBytes)} for a step of ${batch} images, besides the images`
    )
  }
}

function layerTable(table: readonly PlanLayer[]): string[] {
  const kept = table.some((layer) => layer.kept > 0)
  return tableLines(
    [
      { title: 'layer' },
      { title: 'as text' },
      { title: 'activation' },
      { title: 'comes out', right: true },
      { title: 'weights', right: true },
      ...(kept ? [{ title: 'kept', right: true }] : []),
      { title: 'share of the work', right: true }
    ],
    table.map(({ spec, name, activation, shape, weights, kept: moments, share }) => [
      name,
      spec ? layerText(spec) : '',
      activation ?? '',
      shapeText(shape),
      grouped(weights),
      ...(kept ? [grouped(moments)] : []),
      percent(share)
    ])
  )
}

/** Shape and classes of the data set, or those told, or an example's. */
async function imagesOf(
  context: Context,
  options: Options
): Promise<{ readonly shape: Shape; readonly classes: number; readonly of: string }> {
  const path = text(options, 'data', '--data')
  const size = text(options, 'shape', '--shape')
  const count = number(options, 'classes', '--classes', { integer: true, min: 2 })
  if (path === undefined) {
    const shape = size === undefined ? EXAMPLE.shape : shapeFrom(size)
    const of = size === undefined ? 'images as those of Fashion-MNIST' : 'images of this shape'
    return { shape, classes: count ?? EXAMPLE.classes, of }
  }
  if (size !== undefined || count !== undefined) {
    throw new UsageError('--data tells shape and classes; leave --shape and --classes away.')
  }
  const { name, height, width, channels, classNames } = await openFor(context, [path], options)
  return { shape: [height, width, channels], classes: Math.max(2, classNames.length), of: name }
}

/** '32x32x3'; grey without channels */
function shapeFrom(given: string): Shape {
  const sides = given.split(/[x×,]/).map(Number)
  const [height = 0, width = 0, channels = 1] = sides
  if (
    sides.length < 2 ||
    sides.length > 3 ||
    !sides.every((side) => Number.isInteger(side) && side > 0)
  ) {
    throw new UsageError(`--shape expects height, width and channels as 28x28x1, not "${given}".`)
  }
  return [height, width, channels]
}

/** What a list may hold, for the help. */
function grammar(): string {
  const kinds = LAYERS.map((kind): [string, string] => {
    const options = optionWords(kind)
    const told = `${kind.name}: ${kind.help}`
    return [kind.text.example, options.length === 0 ? told : `${told}; ${options.join(', ')}`]
  })
  return [
    '  Input side first, with commas between them; "none" for a linear classifier. The output layer is added.',
    '  Options of a layer follow behind slashes: conv5x5-6/s2/valid/nobias. dense-128 may be written 128.',
    '  An activation is that of the layer before it: dense-64,tanh. Other layers with weights have the',
    '  network’s, behind the normalisation where one follows.',
    lines([...kinds, ['activations', idsOf(ACTIVATIONS).join(', ')]])
  ].join('\n')
}

function lines(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([word]) => word.length))
  return rows.map(([word, told]) => `  ${word.padEnd(width)}  ${told}`).join('\n')
}

/** Without a list: what there is to write one with. */
function sayKinds({ output }: Context): void {
  const kinds = LAYERS.map(({ id, name, help, formula, source, text: written, fields }) => ({
    id,
    name,
    help,
    formula,
    source,
    example: written.example,
    fields: Object.entries(fields).map(([key, field]) => ({
      key,
      name: field.name,
      default: field.default,
      ...(isOption(field)
        ? { options: idsOf<readonly { readonly id: string }[]>(field.options) }
        : { limits: field.limits })
    }))
  }))
  output.give({ kinds, presets: PRESETS })
  output.say(grammar())
  output.say('')
  output.say(lines(PRESETS.map(({ id, name, source }) => [id, `${name}: ${source}`])))
}
