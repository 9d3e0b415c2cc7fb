import { featuresOf } from '../../dataset/dataset'
import { NormscopeError } from '../../error'
import { grouped, constant } from '../../numbers'
import { checkFeatures, IMAGES_FOR_COVARIANCE } from '../../statistics/covariance'
import { featureMoments } from '../../statistics/moments'
import type { Summary } from '../../statistics/summary'
import { choice } from '../choice'
import type { Fit, FitTools } from '../choice'
import { number, tfjsLines } from '../snippet'
import type { Snippets } from '../snippet'

/**
 * eps as a share of the mean eigenvalue, i.e. of the mean variance of a pixel, so that whitening
 * bytes and whitening bytes / 255 give the same. Coates & Ng 2012 (Learning feature representations
 * with k-means, section 2.2) advise 0.01 to 0.1 for pixels of variance 1.
 */
const WHITENING_EPSILON = 0.01

export const WHITENED = choice({
  id: 'whitened',
  name: 'Whitened (ZCA)',
  shortName: 'Whitened',
  formula: 'U (L + eps)^-1/2 U^T (x - mean_p)',
  alsoCalled: [
    { name: 'ZCA whitening (Keras ImageDataGenerator)', difference: 'which has an ε of 10⁻⁶' },
    { name: 'decorrelation (LeCun 1998)', difference: 'which does not turn back to pixels' }
  ],
  definition:
    'Each image less the mean image, its values decorrelated and brought to variance 1 by the eigenvectors U and eigenvalues L of the training covariance. eps is one hundredth of the mean eigenvalue: directions of less variance are mostly noise and are not blown up.',
  source:
    'LeCun et al. 1998, Efficient BackProp; Krizhevsky 2009 (ZCA); Coates & Ng 2012 (eps of 0.01 to 0.1 pixel variances)',
  colour: { light: '#661100', dark: '#d0806b', line: 'dashed' },
  needs: 'covariance',
  fit: fitWhitening,
  describe: ({ epsilon }) => `U (L + ${constant(epsilon![0]!)})^-1/2 U^T (x - mean_p)`,
  snippets: ({ epsilon }) => whiteningSnippets(epsilon![0]!),
  approximation: ({ covarianceImages }) =>
    covarianceImages && `The covariance is that of ${grouped(covarianceImages[0]!)} images.`
})

/**
 * ZCA whitening: y = U (L + eps)^-1/2 U^T (x - mean), symmetric, so that y stays an image.
 * The mean is that of all images, the covariance that of the images `addCovariance` was given.
 * Throws `no-covariance`, `too-many-features`.
 */
function fitWhitening(summary: Summary, _: unknown, { kernels, mean, onStep }: FitTools): Fit {
  const features = featuresOf(summary.shape)
  checkFeatures(features)
  const { covariance } = summary
  if (!covariance || covariance.count === 0) {
    throw new NormscopeError({
      code: 'no-covariance',
      message: 'Whitening needs the covariance of the training images, and it was not taken.',
      expected: 'a summary with a covariance of at least one image',
      actual: 'none'
    })
  }
  const matrix = kernels.covarianceMatrix(covariance)
  // the trace is the sum of the eigenvalues
  let trace = 0
  for (let f = 0; f < features; f++) trace += matrix[f * features + f]!
  const meanEigenvalue = Math.max(0, trace / features)
  const epsilon = meanEigenvalue > 0 ? WHITENING_EPSILON * meanEigenvalue : 1
  const { largest, root } = kernels.inverseRoot(matrix, features, epsilon, onStep)
  return {
    form: {
      kind: 'linear',
      mean: Array.from(mean ?? featureMoments(summary).mean),
      matrix: new Float32Array(root)
    },
    parameters: {
      epsilon: [epsilon],
      largestEigenvalue: [Math.max(0, largest)],
      meanEigenvalue: [meanEigenvalue],
      covarianceImages: [covariance.count]
    }
  }
}

function whiteningSnippets(eps: number): Snippets {
  const epsilon = number(eps, 'numpy')
  const every = `# the covariance is of at most ${IMAGES_FOR_COVARIANCE} images, spread over all of them`
  const stride = `every = -(-len(x_train) // ${IMAGES_FOR_COVARIANCE})`
  const fit = [
    'flat = np.asarray(x_train, dtype="float64").reshape(len(x_train), -1)',
    'mean = flat.mean(axis=0)',
    every,
    stride,
    'some = flat[::every] - flat[::every].mean(axis=0)',
    'values, vectors = np.linalg.eigh(some.T @ some / len(some))',
    `whiten = (vectors / np.sqrt(np.maximum(values, 0) + ${epsilon})) @ vectors.T`
  ]
  return {
    numpy: { fit, result: '((x.reshape(len(x), -1) - mean) @ whiten).reshape(x.shape)' },
    pytorch: {
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
    },
    tfjs: [
      `// whiten = U (L + ${number(eps, 'tfjs')})^-1/2 U^T from the covariance of the training images; TensorFlow.js`,
      '// has no eigenvectors, so compute whiten (D x D) and mean (D) once, in Python:',
      ...fit.map((line) => `//   ${line}`),
      ...tfjsLines(
        { result: 'x.reshape([x.shape[0], -1]).sub(mean).matMul(whiten).reshape(x.shape)' },
        'images, mean, whiten'
      )
    ]
  }
}
