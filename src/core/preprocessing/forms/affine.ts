import { featuresOf } from '../../dataset/dataset'
import { constant } from '../../numbers'
import { literal, number } from '../snippet'
import type { Framework } from '../snippet'
import type { AffineConstants, Applier, FormRecord } from './form'

interface AffineForm extends AffineConstants {
  readonly kind: 'affine'
}

/** (x - centre) / divisor */
export const AFFINE: FormRecord<AffineForm> = {
  kind: 'affine',
  applier: (form, shape) => affineApplier(form, featuresOf(shape), shape.channels),
  pointwise(form, shape) {
    const centres = broadcast(form.centre, featuresOf(shape), shape.channels)
    const divisors = broadcast(form.divisor, featuresOf(shape), shape.channels)
    return (value, feature) => (value - centres[feature]!) / divisors[feature]!
  },
  affine: (form) => form,

  describe({ centre, divisor }, { channels }) {
    if (Math.max(centre.length, divisor.length) > channels) return undefined
    const alike = centre.length === 1 && divisor.length === 1 && centre[0] === divisor[0]
    if (alike) return `x / ${constant(divisor[0]!)} - 1`
    const same = centre.every((value) => value === centre[0])
    const shifted = same ? shift(centre[0]!) : `x - ${listed(centre)}`
    if (divisor.every((value) => value === 1)) return shifted
    const by = listed(divisor)
    return shifted === 'x' ? `x / ${by}` : `(${shifted}) / ${by}`
  },

  snippets({ centre, divisor }, { channels }) {
    if (Math.max(centre.length, divisor.length) > channels) return undefined
    const shifts = centre.some((value) => value !== 0)
    const divides = divisor.some((value) => value !== 1)
    const python = (framework: Framework) => {
      const shifted = shifts ? `x - ${literal(centre, framework)}` : 'x'
      const bracketed = shifts ? `(${shifted})` : shifted
      return { result: divides ? `${bracketed} / ${literal(divisor, framework)}` : shifted }
    }
    const layer = divides && centre.length + divisor.length === 2
    const offset = shifts ? `, offset=${number(-centre[0]! / divisor[0]!, 'keras')}` : ''
    const scale = `1 / ${number(divisor[0]!, 'tfjs')}`
    const sub = shifts ? `.sub(${literal(centre, 'tfjs')})` : ''
    const div = divides ? `.div(${literal(divisor, 'tfjs')})` : ''
    return {
      numpy: python('numpy'),
      keras: layer
        ? ['import keras', '', `preprocess = keras.layers.Rescaling(${scale}${offset})`]
        : python('keras'),
      pytorch: python('pytorch'),
      tfjs: { result: `x${sub}${div}` }
    }
  }
}

/** The constants of an affine form written out for each feature: from one, one a channel, or D. */
export function broadcast(
  constants: readonly number[],
  features: number,
  channels: number
): Float64Array {
  const values = new Float64Array(features)
  const period = constants.length === 1 ? 1 : constants.length === features ? features : channels
  for (let f = 0; f < features; f++) values[f] = constants[f % period]!
  return values
}

function affineApplier(form: AffineForm, features: number, channels: number): Applier {
  if (form.centre.length === 1 && form.divisor.length === 1) {
    const centre = form.centre[0]!
    const divisor = form.divisor[0]!
    return (image, out, outOffset = 0) => {
      for (let f = 0; f < features; f++) out[outOffset + f] = (image[f]! - centre) / divisor
    }
  }
  const centres = broadcast(form.centre, features, channels)
  const divisors = broadcast(form.divisor, features, channels)
  return (image, out, outOffset = 0) => {
    for (let f = 0; f < features; f++) out[outOffset + f] = (image[f]! - centres[f]!) / divisors[f]!
  }
}

function shift(centre: number): string {
  if (centre === 0) return 'x'
  return centre > 0 ? `x - ${constant(centre)}` : `x + ${constant(-centre)}`
}

function listed(values: readonly number[]): string {
  const same = values.every((value) => value === values[0])
  return same ? constant(values[0]!) : `[${values.map(constant).join(', ')}]`
}
