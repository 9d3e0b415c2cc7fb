export const FRAMEWORKS = ['numpy', 'sklearn', 'keras', 'pytorch', 'tfjs'] as const
export type Framework = (typeof FRAMEWORKS)[number]
export const FRAMEWORK_NAMES: Readonly<Record<Framework, string>> = {
  numpy: 'NumPy',
  sklearn: 'scikit-learn',
  keras: 'Keras',
  pytorch: 'PyTorch',
  tfjs: 'TensorFlow.js'
}
type PythonFramework = Exclude<Framework, 'tfjs'>
type Lines = readonly string[]

/** What a function of a batch of images does. */
interface Body {
  /** a comment above all */
  readonly remark?: string
  /** before the function: constants, or what is taken from the training images */
  readonly fit?: Lines
  /** within the function, x being the images as float */
  readonly before?: Lines
  readonly result: string
}

/** What a snippet does in each library, or all its lines. */
export interface Snippets {
  /** for scikit-learn too */
  readonly numpy: Body
  /** absent: NumPy does it before Keras */
  readonly keras?: Body | Lines
  readonly pytorch: Body
  readonly tfjs: Body | Lines
}

interface Dialect {
  readonly imports: Lines
  /** whatever the images are stored as, arithmetic is in floating point */
  readonly toFloat: string
  readonly returns: (result: string) => string
  readonly after: Lines
}

const NUMPY: Dialect = {
  imports: ['import numpy as np'],
  toFloat: 'x = np.asarray(x, dtype="float64")',
  returns: (result) => `return (${result}).astype("float32")`,
  after: []
}

const DIALECTS: Readonly<Record<PythonFramework, Dialect>> = {
  numpy: NUMPY,
  sklearn: {
    ...NUMPY,
    imports: [...NUMPY.imports, 'from sklearn.preprocessing import FunctionTransformer'],
    after: ['', '', 'transformer = FunctionTransformer(preprocess)']
  },
  keras: {
    imports: ['import keras'],
    toFloat: 'x = keras.ops.cast(x, "float32")',
    returns: (result) => `return ${result}`,
    after: []
  },
  pytorch: {
    imports: ['import torch'],
    toFloat: 'x = torch.as_tensor(x).float()',
    returns: (result) => `return ${result}`,
    after: []
  }
}

const isBody = (snippet: Body | Lines): snippet is Body => 'result' in snippet

/** The lines of one library, under a comment where there is something to remark. */
export function snippetLines(snippets: Snippets, framework: Framework, remark?: string): Lines {
  const comment = framework === 'tfjs' ? '//' : '#'
  const lines = WRITERS[framework](snippets)
  return remark === undefined ? lines : [`${comment} ${remark}`, ...lines]
}

const WRITERS: Readonly<Record<Framework, (snippets: Snippets) => Lines>> = {
  numpy: ({ numpy }) => pythonLines('numpy', numpy),
  sklearn: ({ numpy }) => pythonLines('sklearn', numpy),
  keras({ keras, numpy }) {
    if (!keras) return [BEFORE_KERAS, ...pythonLines('numpy', numpy)]
    return isBody(keras) ? pythonLines('keras', keras) : keras
  },
  pytorch: ({ pytorch }) => pythonLines('pytorch', pytorch),
  tfjs: ({ tfjs }) => (isBody(tfjs) ? tfjsLines(tfjs) : tfjs)
}

const BEFORE_KERAS = '# before Keras: NumPy array in, NumPy array out'

/** A function of a batch of images; scikit-learn gets a transformer of it. */
function pythonLines(framework: PythonFramework, { remark, fit, before, result }: Body): Lines {
  const { imports, toFloat, returns, after } = DIALECTS[framework]
  const numpyToo = fit?.some((line) => line.includes('np.')) && !imports.includes(NUMPY.imports[0]!)
  return [
    ...(remark ? [`# ${remark}`] : []),
    ...imports,
    ...(numpyToo ? NUMPY.imports : []),
    ...(fit ? ['', ...fit] : []),
    '',
    '',
    'def preprocess(x):',
    ...[toFloat, ...(before ?? []), returns(result)].map((line) => `    ${line}`),
    ...after
  ]
}

/** The same for TensorFlow.js, whose tensors are given back to be freed. */
export function tfjsLines({ fit, before, result }: Body, parameters = 'images'): Lines {
  return [
    "import * as tf from '@tensorflow/tfjs'",
    '',
    ...(fit ? [...fit, ''] : []),
    `const preprocess = (${parameters}) => tf.tidy(() => {`,
    ...['const x = images.toFloat()', ...(before ?? []), `return ${result}`].map(
      (line) => `  ${line}`
    ),
    '})'
  ]
}

/** One number, or one a channel in the shape that broadcasts over the images. */
export function literal(values: readonly number[], framework: Framework): string {
  if (values.length === 1) return number(values[0]!, framework)
  const list = `[${values.map((value) => number(value, framework)).join(', ')}]`
  return {
    numpy: `np.array(${list})`,
    sklearn: `np.array(${list})`,
    keras: `keras.ops.array(${list}, dtype="float32")`,
    pytorch: `torch.tensor(${list}).reshape(1, -1, 1, 1)`,
    tfjs: list
  }[framework]
}

/**
 * In full: the shortest text that reads back as the same double. Python takes a number without a
 * point for an integer, and a list of them for an array of integers.
 */
export function number(value: number, framework: Framework): string {
  const digits = String(value)
  const text = framework !== 'tfjs' && /^-?\d+$/.test(digits) ? `${digits}.0` : digits
  return value < 0 ? `(${text})` : text
}

/** Constants of each pixel, taken from the training images again; divided by the std where a floor is given. */
export function eachPixel(least?: number): Snippets {
  const divides = least !== undefined
  const floor = divides && number(least, 'numpy')
  const result = divides ? '(x - mean) / std' : 'x - mean'
  const numpy = (single: string): Lines => {
    const mean = `mean = np.mean(x_train, axis=0, dtype="float64")${single}`
    const std = `std = np.maximum(np.std(x_train, axis=0, dtype="float64"), ${floor})${single}`
    return divides ? [mean, std] : [mean]
  }
  const train = ['train = torch.as_tensor(x_train).double()', 'mean = train.mean(dim=0).float()']
  const std = `std = train.std(dim=0, unbiased=False).clamp(min=${floor}).float()`
  const scaled = divides ? `.div(variance.sqrt().maximum(${number(least, 'tfjs')}))` : ''
  return {
    numpy: { fit: numpy(''), result },
    keras: { fit: numpy('.astype("float32")'), result },
    pytorch: { fit: divides ? [...train, std] : train, result },
    tfjs: {
      fit: ['const { mean, variance } = tf.moments(xTrain.toFloat(), 0, true)'],
      result: `x.sub(mean)${scaled}`
    }
  }
}
