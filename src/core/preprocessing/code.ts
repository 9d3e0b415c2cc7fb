import { IMAGES_FOR_COVARIANCE } from '../statistics/covariance'
import { literal, number, pythonLines, tfjsLines } from './code-lines'
import type { Framework, Lines } from './code-lines'
import type { FittedPreprocessing, PreprocessingForm } from './preprocessing'

export { FRAMEWORK_NAMES, FRAMEWORKS } from './code-lines'
export type { Framework } from './code-lines'

/**
 * A snippet that does what the fitted choice does, with its constants, in the way of the framework.
 * `preprocess` takes a batch of images as they are stored, bytes, 16-bit or float, and gives
 * float32: (N, height, width, channels), for PyTorch (N, channels, height, width).
 * Constants of each pixel are too many to write out: those snippets take them from the training
 * images `x_train`, as the fit does.
 */
export function code(fitted: FittedPreprocessing, framework: Framework): string {
  const write = WRITERS[fitted.form.kind] as Writer<PreprocessingForm>
  return `${write(fitted.form, framework, fitted).join('\n')}\n`
}

type Writer<Form> = (form: Form, framework: Framework, fitted: FittedPreprocessing) => Lines
type Writers = {
  readonly [K in PreprocessingForm['kind']]: Writer<Extract<PreprocessingForm, { kind: K }>>
}

const WRITERS: Writers = {
  affine({ centre, divisor }, framework, fitted) {
    if (Math.max(centre.length, divisor.length) > fitted.channels)
      return perPixel(fitted, framework)
    const shifts = centre.some((value) => value !== 0)
    const divides = divisor.some((value) => value !== 1)
    const [a, b] = [literal(centre, framework), literal(divisor, framework)]
    if (framework === 'tfjs') {
      return tfjsLines({ result: `x${shifts ? `.sub(${a})` : ''}${divides ? `.div(${b})` : ''}` })
    }
    if (framework === 'keras' && divides && centre.length + divisor.length === 2) {
      const offset = shifts ? `, offset=${number(-centre[0]! / divisor[0]!, 'keras')}` : ''
      const scale = `1 / ${number(divisor[0]!, 'tfjs')}`
      return ['import keras', '', `preprocess = keras.layers.Rescaling(${scale}${offset})`]
    }
    const shifted = shifts ? `x - ${a}` : 'x'
    const lines = pythonLines(framework, {
      result: divides ? `${shifts ? `(${shifted})` : shifted} / ${b}` : shifted
    })
    return [...remarks(fitted), ...lines]
  },

  log({ max }, framework) {
    const scale = number(Math.log1p(max), framework)
    const library = { numpy: 'np', sklearn: 'np', keras: 'keras.ops', pytorch: 'torch' }
    if (framework === 'tfjs') return tfjsLines({ result: `x.log1p().div(${scale})` })
    return [
      `# ${scale} is log(1 + ${max})`,
      ...pythonLines(framework, { result: `${library[framework]}.log1p(x) / ${scale}` })
    ]
  },

  'image-standardise'(_, framework, { height, width, channels }) {
    const floor = number(1 / Math.sqrt(height * width * channels), framework)
    switch (framework) {
      case 'keras':
        return [
          'import tensorflow as tf',
          '',
          '',
          'def preprocess(x):',
          '    # of whole numbers the function would rescale the range first',
          '    return tf.image.per_image_standardization(tf.cast(x, "float32"))'
        ]
      case 'pytorch':
        return pythonLines(framework, {
          before: [
            'mean = x.mean(dim=(1, 2, 3), keepdim=True)',
            'std = x.std(dim=(1, 2, 3), unbiased=False, keepdim=True)'
          ],
          result: `(x - mean) / std.clamp(min=${floor})`
        })
      case 'tfjs':
        return tfjsLines({
          before: ['const { mean, variance } = tf.moments(x, [1, 2, 3], true)'],
          result: `x.sub(mean).div(variance.sqrt().maximum(${floor}))`
        })
      default:
        return pythonLines(framework, {
          before: [
            'mean = x.mean(axis=(1, 2, 3), keepdims=True)',
            'std = x.std(axis=(1, 2, 3), keepdims=True)'
          ],
          result: `(x - mean) / np.maximum(std, ${floor})`
        })
    }
  },

  'image-range'(_, framework) {
    switch (framework) {
      case 'keras':
        return pythonLines(framework, {
          before: [
            'least = keras.ops.min(x, axis=(1, 2, 3), keepdims=True)',
            'span = keras.ops.max(x, axis=(1, 2, 3), keepdims=True) - least'
          ],
          result: '(x - least) / keras.ops.where(span > 0, span, keras.ops.ones_like(span))'
        })
      case 'pytorch':
        return pythonLines(framework, {
          before: [
            'least = x.amin(dim=(1, 2, 3), keepdim=True)',
            'span = x.amax(dim=(1, 2, 3), keepdim=True) - least'
          ],
          result: '(x - least) / torch.where(span > 0, span, torch.ones_like(span))'
        })
      case 'tfjs':
        return tfjsLines({
          before: [
            'const least = x.min([1, 2, 3], true)',
            'const span = x.max([1, 2, 3], true).sub(least)'
          ],
          result: 'x.sub(least).div(tf.where(span.greater(0), span, tf.onesLike(span)))'
        })
      default:
        return pythonLines(framework, {
          before: [
            'least = x.min(axis=(1, 2, 3), keepdims=True)',
            'span = x.max(axis=(1, 2, 3), keepdims=True) - least'
          ],
          result: '(x - least) / np.where(span > 0, span, 1)'
        })
    }
  },

  'image-length'({ tiny }, framework) {
    const least = number(tiny, framework)
    switch (framework) {
      case 'keras':
        return pythonLines(framework, {
          before: ['length = keras.ops.sqrt(keras.ops.sum(x * x, axis=(1, 2, 3), keepdims=True))'],
          result: `x / keras.ops.maximum(length, ${least})`
        })
      case 'pytorch':
        return pythonLines(framework, {
          before: ['length = x.square().sum(dim=(1, 2, 3), keepdim=True).sqrt()'],
          result: `x / length.clamp(min=${least})`
        })
      case 'tfjs':
        return tfjsLines({
          before: ['const length = x.square().sum([1, 2, 3], true).sqrt()'],
          result: `x.div(length.maximum(${least}))`
        })
      default:
        return pythonLines(framework, {
          before: ['length = np.sqrt((x * x).sum(axis=(1, 2, 3), keepdims=True))'],
          result: `x / np.maximum(length, ${least})`
        })
    }
  },

  'image-equalise'(_, framework) {
    switch (framework) {
      case 'keras':
        return [...BEFORE_KERAS, ...WRITERS['image-equalise'](_, 'numpy', undefined as never)]
      case 'pytorch':
        return pythonLines(framework, {
          before: [
            'flat = x.flatten(start_dim=2).contiguous()',
            'at_most = torch.searchsorted(flat.sort(dim=-1).values, flat, right=True)'
          ],
          result: '(at_most / flat.shape[-1]).reshape(x.shape)'
        })
      case 'tfjs':
        return EQUALISE_TFJS
      default:
        return pythonLines(framework, {
          fit: [
            '',
            'def at_most(channel):  # share of its values that are not greater',
            '    flat = channel.ravel()',
            '    return (np.searchsorted(np.sort(flat), flat, side="right") / flat.size).reshape(channel.shape)'
          ],
          result:
            'np.stack([np.stack([at_most(image[..., c]) for c in range(x.shape[-1])], axis=-1) for image in x])'
        })
    }
  },

  linear(form, framework, fitted) {
    const epsilon = number(fitted.parameters.epsilon![0]!, framework)
    const every = `# the covariance is of at most ${IMAGES_FOR_COVARIANCE} images, spread over all of them`
    const stride = `every = -(-len(x_train) // ${IMAGES_FOR_COVARIANCE})`
    const numpyFit = [
      'flat = np.asarray(x_train, dtype="float64").reshape(len(x_train), -1)',
      'mean = flat.mean(axis=0)',
      every,
      stride,
      'some = flat[::every] - flat[::every].mean(axis=0)',
      'values, vectors = np.linalg.eigh(some.T @ some / len(some))',
      `whiten = (vectors / np.sqrt(np.maximum(values, 0) + ${epsilon})) @ vectors.T`
    ]
    switch (framework) {
      case 'keras':
        return [...BEFORE_KERAS, ...WRITERS.linear(form, 'numpy', fitted)]
      case 'pytorch':
        return pythonLines(framework, {
          fit: [
            'flat = torch.as_tensor(x_train).double().flatten(start_dim=1)',
            'mean = flat.mean(dim=0)',
            every,
            stride,
            'some = flat[::every] - flat[::every].mean(dim=0)',
            'values, vectors = torch.linalg.eigh(some.T @ some / len(some))',
            `whiten = (vectors / (values.clamp(min=0) + ${epsilon}).sqrt()) @ vectors.T`
          ],
          result: '((x.double().flatten(start_dim=1) - mean) @ whiten).reshape(x.shape).float()'
        })
      case 'tfjs':
        return [
          `// whiten = U (L + ${epsilon})^-1/2 U^T from the covariance of the training images; TensorFlow.js`,
          '// has no eigenvectors, so compute whiten (D x D) and mean (D) once, in Python:',
          ...numpyFit.map((line) => `//   ${line}`),
          ...tfjsLines(
            { result: 'x.reshape([x.shape[0], -1]).sub(mean).matMul(whiten).reshape(x.shape)' },
            'images, mean, whiten'
          )
        ]
      default:
        return pythonLines(framework, {
          fit: numpyFit,
          result: '((x.reshape(len(x), -1) - mean) @ whiten).reshape(x.shape)'
        })
    }
  }
}

const BEFORE_KERAS = ['# before Keras: NumPy array in, NumPy array out']

const EQUALISE_TFJS = [
  "import * as tf from '@tensorflow/tfjs'",
  '',
  'const preprocess = (images) => {',
  '  const [count, height, width, channels] = images.shape',
  '  const pixels = height * width',
  '  const x = images.dataSync()',
  '  const y = new Float32Array(x.length)',
  '  for (let image = 0; image < count; image++) {',
  '    for (let channel = 0; channel < channels; channel++) {',
  '      const at = (pixel) => (image * pixels + pixel) * channels + channel',
  '      const sorted = Float32Array.from({ length: pixels }, (_, pixel) => x[at(pixel)]).sort()',
  '      // share of the values that are not greater',
  '      const atMost = new Map(Array.from(sorted, (value, i) => [value, (i + 1) / pixels]))',
  '      for (let pixel = 0; pixel < pixels; pixel++) y[at(pixel)] = atMost.get(x[at(pixel)])',
  '    }',
  '  }',
  '  return tf.tensor(y, images.shape)',
  '}'
]

/** What the fit did where there was nothing to divide by. */
function remarks({ parameters: { iqr, std } }: FittedPreprocessing): Lines {
  if (iqr?.includes(0)) return ['# an IQR of 0 is replaced by the std, and a std of 0 by 1']
  return std?.includes(0) ? ['# a std of 0 is replaced by 1'] : []
}

/** Constants of each pixel, taken from the training images again. */
function perPixel({ parameters }: FittedPreprocessing, framework: Framework): Lines {
  const floor = parameters.floor && number(parameters.floor[0]!, framework)
  if (framework === 'tfjs') {
    const fit = 'const { mean, variance } = tf.moments(xTrain.toFloat(), 0, true)'
    const scaled = floor ? `.div(variance.sqrt().maximum(${floor}))` : ''
    return tfjsLines({ fit: [fit], result: `x.sub(mean)${scaled}` })
  }
  const result = floor ? '(x - mean) / std' : 'x - mean'
  if (framework === 'pytorch') {
    const train = ['train = torch.as_tensor(x_train).double()', 'mean = train.mean(dim=0).float()']
    const std = `std = train.std(dim=0, unbiased=False).clamp(min=${floor}).float()`
    return pythonLines(framework, { fit: floor ? [...train, std] : train, result })
  }
  const single = framework === 'keras' ? '.astype("float32")' : ''
  const mean = `mean = np.mean(x_train, axis=0, dtype="float64")${single}`
  const std = `std = np.maximum(np.std(x_train, axis=0, dtype="float64"), ${floor})${single}`
  return pythonLines(framework, { fit: floor ? [mean, std] : [mean], result })
}
