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
export type Lines = readonly string[]

interface Body {
  /** before the function: constants, or what is taken from the training images */
  readonly fit?: Lines
  /** within the function, x being the images as float */
  readonly before?: Lines
  readonly result: string
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

/** A function of a batch of images; scikit-learn gets a transformer of it. */
export function pythonLines(framework: PythonFramework, { fit, before, result }: Body): Lines {
  const { imports, toFloat, returns, after } = DIALECTS[framework]
  const numpyToo = fit?.some((line) => line.includes('np.')) && !imports.includes(NUMPY.imports[0]!)
  return [
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
