import type { FittedPreprocessing, PreprocessingForm } from './preprocessing'

export type Framework = 'keras' | 'pytorch' | 'scikit-learn' | 'tfjs'

/**
 * A snippet that does what the fitted choice does, with its constants, in the way of the framework.
 * Images are (N, height, width, channels), for PyTorch (N, channels, height, width), as float.
 * Constants of each pixel are too many to write out: those snippets take them from the training
 * images `x_train`, which gives the same.
 */
export function code(fitted: FittedPreprocessing, framework: Framework): string {
  const { form } = fitted
  const constants = form.kind === 'affine' ? Math.max(form.centre.length, form.divisor.length) : 0
  const lines =
    constants > fitted.channels
      ? perPixel(fitted, framework)
      : WRITERS[form.kind](form as never, framework, fitted)
  return `${lines.join('\n')}\n`
}

type Writers = {
  readonly [K in PreprocessingForm['kind']]: (
    form: Extract<PreprocessingForm, { kind: K }>,
    framework: Framework,
    fitted: FittedPreprocessing
  ) => readonly string[]
}

const WRITERS: Writers = {
  affine({ centre, divisor }, framework) {
    const [a, b] = [literal(centre, framework), literal(divisor, framework)]
    const shift = centre.every((value) => value === 0) ? '' : a
    const scale = divisor.every((value) => value === 1) ? '' : b
    if (framework === 'keras' && !shift && divisor.length === 1) {
      return ['import keras', '', `preprocess = keras.layers.Rescaling(1 / ${number(divisor[0]!)})`]
    }
    const calls = { keras: '', pytorch: '', 'scikit-learn': '', tfjs: ['sub', 'div'] }[framework]
    if (calls) {
      const shifted = shift ? `x.sub(${a})` : 'x'
      return inTfjs([`return ${scale ? `${shifted}.div(${b})` : shifted}`])
    }
    const shifted = shift ? `x - ${a}` : 'x'
    return inPython(framework, scale ? `(${shifted}) / ${b}` : shifted)
  },

  log({ max }, framework) {
    const scale = number(Math.log1p(max))
    if (framework === 'tfjs') return inTfjs([`return x.log1p().div(${scale})`])
    return inPython(
      framework,
      `${LIBRARY[framework]}.log1p(x) / ${scale}  # log(1 + ${number(max)})`
    )
  },

  'image-standardise'(_, framework, fitted) {
    const floor = number(1 / Math.sqrt(fitted.height * fitted.width * fitted.channels))
    return {
      keras: ['import tensorflow as tf', '', 'preprocess = tf.image.per_image_standardization'],
      pytorch: inPython(
        'pytorch',
        'centred / std.clamp(min=' + floor + ')',
        'centred = x - x.mean(dim=(1, 2, 3), keepdim=True)',
        'std = centred.square().mean(dim=(1, 2, 3), keepdim=True).sqrt()'
      ),
      'scikit-learn': inPython(
        'scikit-learn',
        `(x - mean) / np.maximum(std, ${floor})`,
        'mean = x.mean(axis=(1, 2, 3), keepdims=True)',
        'std = x.std(axis=(1, 2, 3), keepdims=True)'
      ),
      tfjs: inTfjs([
        'const { mean, variance } = tf.moments(x, [1, 2, 3], true)',
        `return x.sub(mean).div(variance.sqrt().maximum(${floor}))`
      ])
    }[framework]
  },

  'image-range'(_, framework) {
    return {
      keras: inPython(
        'keras',
        '(x - least) / keras.ops.where(range > 0, range, 1)',
        'least = keras.ops.min(x, axis=(1, 2, 3), keepdims=True)',
        'range = keras.ops.max(x, axis=(1, 2, 3), keepdims=True) - least'
      ),
      pytorch: inPython(
        'pytorch',
        '(x - least) / torch.where(range > 0, range, 1)',
        'least = x.amin(dim=(1, 2, 3), keepdim=True)',
        'range = x.amax(dim=(1, 2, 3), keepdim=True) - least'
      ),
      'scikit-learn': inPython(
        'scikit-learn',
        '(x - least) / np.where(range > 0, range, 1)',
        'least = x.min(axis=(1, 2, 3), keepdims=True)',
        'range = x.max(axis=(1, 2, 3), keepdims=True) - least'
      ),
      tfjs: inTfjs([
        'const least = x.min([1, 2, 3], true)',
        'const range = x.max([1, 2, 3], true).sub(least)',
        'return x.sub(least).div(tf.where(range.greater(0), range, tf.onesLike(range)))'
      ])
    }[framework]
  },

  'image-length'({ tiny }, framework) {
    const least = number(tiny)
    return {
      keras: inPython(
        'keras',
        `x / keras.ops.maximum(length, ${least})`,
        'length = keras.ops.sqrt(keras.ops.sum(x * x, axis=(1, 2, 3), keepdims=True))'
      ),
      pytorch: inPython(
        'pytorch',
        `x / length.clamp(min=${least})`,
        'length = x.square().sum(dim=(1, 2, 3), keepdim=True).sqrt()'
      ),
      'scikit-learn': inPython(
        'scikit-learn',
        `x / np.maximum(length, ${least})`,
        'length = np.sqrt((x * x).sum(axis=(1, 2, 3), keepdims=True))'
      ),
      tfjs: inTfjs([
        'const length = x.square().sum([1, 2, 3], true).sqrt()',
        `return x.div(length.maximum(${least}))`
      ])
    }[framework]
  },

  'image-equalise'(_, framework) {
    if (framework === 'tfjs') {
      return [
        '// one image as an array of one channel; for colour call it for each channel',
        'function preprocess(image) {',
        '  const sorted = Float32Array.from(image).sort()',
        '  const share = new Map()',
        '  sorted.forEach((value, i) => share.set(value, (i + 1) / sorted.length))',
        '  return Float32Array.from(image, (value) => share.get(value))',
        '}'
      ]
    }
    if (framework === 'pytorch') {
      return inPython(
        'pytorch',
        '(torch.searchsorted(flat.sort(dim=-1).values, flat, right=True) / flat.shape[-1]).reshape(x.shape)',
        'flat = x.flatten(start_dim=2).contiguous()'
      )
    }
    return [
      'import numpy as np',
      '',
      '',
      'def equalise(channel):',
      '    flat = channel.ravel()',
      '    return (np.searchsorted(np.sort(flat), flat, side="right") / flat.size).reshape(channel.shape)',
      '',
      '',
      'def preprocess(x):  # NumPy array',
      '    shares = [[equalise(image[..., c]) for c in range(image.shape[-1])] for image in x]',
      '    return np.stack([np.stack(image, axis=-1) for image in shares])'
    ]
  },

  linear(_, framework, { parameters }) {
    const epsilon = number(parameters.epsilon![0]!)
    const fit = [
      'flat = x_train.reshape(len(x_train), -1).astype("float64")',
      'mean = flat.mean(axis=0)',
      'values, vectors = np.linalg.eigh(np.cov(flat, rowvar=False, bias=True))',
      `whiten = (vectors / np.sqrt(np.maximum(values, 0) + ${epsilon})) @ vectors.T`
    ]
    if (framework === 'tfjs') {
      return [
        `// whiten = U (L + ${epsilon})^-1/2 U^T from the covariance of the training images; TensorFlow.js`,
        '// has no eigenvectors, so compute whiten (D x D) and mean (D) once, in Python:',
        ...fit.map((line) => `//   ${line}`),
        ...inTfjs(
          ['return x.reshape([x.shape[0], -1]).sub(mean).matMul(whiten).reshape(x.shape)'],
          'x, mean, whiten'
        )
      ]
    }
    const numpy = [
      'import numpy as np',
      '',
      ...fit,
      '',
      '',
      'def preprocess(x):  # NumPy array',
      '    return ((x.reshape(len(x), -1) - mean) @ whiten).reshape(x.shape).astype("float32")'
    ]
    return numpy
  }
}

const LIBRARY = { keras: 'keras.ops', pytorch: 'torch', 'scikit-learn': 'np' } as const
const IMPORTS = {
  keras: ['import keras'],
  pytorch: ['import torch'],
  'scikit-learn': ['import numpy as np', 'from sklearn.preprocessing import FunctionTransformer']
} as const
type PythonFramework = keyof typeof LIBRARY

/** A function of a batch x of float images; scikit-learn gets a transformer of it. */
function inPython(
  framework: PythonFramework | Framework,
  result: string,
  ...before: readonly string[]
): readonly string[] {
  const python = framework as PythonFramework
  return [
    ...IMPORTS[python],
    '',
    '',
    'def preprocess(x):',
    ...before.map((line) => `    ${line}`),
    `    return ${result}`,
    ...(python === 'scikit-learn' ? ['', '', 'transformer = FunctionTransformer(preprocess)'] : [])
  ]
}

function inTfjs(body: readonly string[], parameters = 'x'): readonly string[] {
  return [
    "import * as tf from '@tensorflow/tfjs'",
    '',
    `const preprocess = (${parameters}) => tf.tidy(() => {`,
    ...body.map((line) => `  ${line}`),
    '})'
  ]
}

/** Constants of each pixel, taken from the training images again. */
function perPixel({ parameters }: FittedPreprocessing, framework: Framework): readonly string[] {
  const floor = parameters.floor && number(parameters.floor[0]!)
  if (framework === 'tfjs') {
    return [
      "import * as tf from '@tensorflow/tfjs'",
      '',
      'const { mean, variance } = tf.moments(xTrain, 0, true)',
      floor
        ? `const preprocess = (x) => tf.tidy(() => x.sub(mean).div(variance.sqrt().maximum(${floor})))`
        : 'const preprocess = (x) => tf.tidy(() => x.sub(mean))'
    ]
  }
  const fit =
    framework === 'pytorch'
      ? [
          'mean = x_train.double().mean(dim=0, keepdim=True)',
          ...(floor
            ? [
                `std = (x_train.double() - mean).square().mean(dim=0, keepdim=True).sqrt().clamp(min=${floor})`
              ]
            : [])
        ]
      : [
          'mean = x_train.mean(axis=0, keepdims=True, dtype="float64")',
          ...(floor
            ? [`std = np.maximum(x_train.std(axis=0, keepdims=True, dtype="float64"), ${floor})`]
            : [])
        ]
  const [first, ...rest] = inPython(framework, floor ? '(x - mean) / std' : 'x - mean')
  const imports = framework === 'keras' ? ['import numpy as np'] : [first!]
  const more = rest.slice(0, rest.indexOf(''))
  return [...imports, ...more, '', ...fit, ...rest.slice(rest.indexOf(''))]
}

/** One number, or one a channel in the shape that broadcasts over the images. */
function literal(values: readonly number[], framework: Framework): string {
  if (values.length === 1) return number(values[0]!)
  const list = `[${values.map(number).join(', ')}]`
  return {
    keras: `keras.ops.array(${list})`,
    pytorch: `torch.tensor(${list}).reshape(1, -1, 1, 1)`,
    'scikit-learn': `np.array(${list})`,
    tfjs: list
  }[framework]
}

/** In full: the shortest text that reads back as the same double. */
function number(value: number): string {
  return value < 0 ? `(${value})` : String(value)
}
