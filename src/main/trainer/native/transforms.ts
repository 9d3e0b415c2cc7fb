import { featuresOf } from '../../../core/dataset/dataset'
import type { PixelArray } from '../../../core/dataset/dataset'
import { broadcast } from '../../../core/preprocessing/forms/affine'
import type { ImageShape } from '../../../core/preprocessing/forms/form'
import type { InputMap } from '../../../core/preprocessing/input'
import type {
  FittedPreprocessing,
  PreprocessingForm
} from '../../../core/preprocessing/preprocessing'
import type { Tensor } from './tensorflow/graph'
import type { Ops } from './tensorflow/ops'
import type { InputNodes } from './stored-images'

/** What the graph itself does to rows that it holds as bytes. */
export interface ByteTransform {
  /** set once by `transform_set`, each as `transform_NAME` */
  readonly constants: Readonly<Record<string, Float32Array>>
  /** from rows [batch, D], as float */
  nodes(ops: Ops): (rows: Tensor) => Tensor
  /** all of it by an own kernel, where there is one */
  whole?(ops: Ops): InputNodes
}

type Forms = { readonly [Form in PreprocessingForm as Form['kind']]: Form }
type Maker<Form> = (form: Form, shape: ImageShape) => ByteTransform

/** The forms that the graph does itself. */
const BYTE_TRANSFORMS: { readonly [Kind in keyof Forms]?: Maker<Forms[Kind]> } = {
  /**
   * The constants are variables: TensorFlow turns a division by a constant into a product with its
   * reciprocal, and then x / 255 is not the float32 nearest to it.
   */
  affine({ centre, divisor }, shape) {
    const features = featuresOf(shape)
    // one value each, or D
    const one = centre.length === 1 && divisor.length === 1
    const held = (values: readonly number[]): Float32Array =>
      Float32Array.from(one ? values : broadcast(values, features, shape.channels))
    const constants = { centre: held(centre), divisor: held(divisor) }
    const moves = centre.some((value) => value !== 0)
    const scales = divisor.some((value) => value !== 1)
    const stored = (ops: Ops): [centre: Tensor, divisor: Tensor] => {
      const made = (['centre', 'divisor'] as const).map((name) => {
        const variable = ops.variable(`stored_${name}`, 'float', [-1])
        const value = ops.input(`transform_${name}`, 'float')
        const set = ops.assign(variable, ops.unary('DeepCopy', value))
        return { read: ops.read(variable), set }
      })
      ops.output(
        'transform_set',
        ops.constant('int32', 1),
        made.map(({ set }) => set)
      )
      return [made[0]!.read, made[1]!.read]
    }
    return {
      constants,
      nodes(ops) {
        const [c, d] = stored(ops)
        return (x) => {
          const moved = moves ? ops.binary('Sub', x, c) : x
          return scales ? ops.binary('RealDiv', moved, d) : moved
        }
      },
      whole(ops) {
        const constants = stored(ops)
        return (images, rows, step = ops.constant('int32', 0)) => {
          const inputs = [ops.still(images), rows, step, ...constants]
          return ops.graph.op('NormscopeRows', inputs, 'float')
        }
      }
    }
  },

  'image-standardise': (_, shape) => ({
    constants: {},
    nodes: (ops) => (x) => {
      const centred = ops.binary('Sub', x, ops.meanOfLast(x))
      const std = ops.unary('Sqrt', ops.meanOfLast(ops.unary('Square', centred)))
      const least = ops.constant('float', 1 / Math.sqrt(featuresOf(shape)))
      return ops.binary('RealDiv', centred, ops.binary('Maximum', std, least))
    }
  })
}

/**
 * What the graph does itself, step by step: bytes stay bytes, a quarter of the memory for a few percent
 * of the speed. Undefined: every other form, and pixels of 16 bits or more, is applied once, in float64,
 * and kept as float32.
 */
export function byteTransform(
  fitted: FittedPreprocessing,
  pixels: Pick<PixelArray, 'BYTES_PER_ELEMENT'>
): ByteTransform | undefined {
  if (pixels.BYTES_PER_ELEMENT > 1) return undefined
  const make = BYTE_TRANSFORMS[fitted.form.kind] as Maker<PreprocessingForm> | undefined
  const form = make?.(fitted.form, fitted)
  return form && fitted.after ? followed(form, fitted.after) : form
}

/** A scale and an offset behind a form that has none of its own. */
function followed(form: ByteTransform, { scale, offset }: InputMap): ByteTransform {
  return {
    constants: form.constants,
    nodes(ops) {
      const before = form.nodes(ops)
      return (x) => {
        const scaled = ops.binary('Mul', before(x), ops.constant('float', scale))
        return ops.binary('AddV2', scaled, ops.constant('float', offset))
      }
    }
  }
}

/** Gathers and transforms; float rows are transformed already. */
export function inputNodes(ops: Ops, transform: ByteTransform | undefined): InputNodes {
  if (ops.own && transform?.whole) return transform.whole(ops)
  const nodes = transform?.nodes(ops)
  return (images, rows, step) => {
    const gathered = ops.gatherRows(images, step ? ops.gather(rows, step) : rows)
    return nodes ? nodes(ops.cast(gathered, 'float')) : gathered
  }
}
