// The runs of the grid. Each is `train SET WORDS` and the code of the main finding that is right.
// Half of them tuned the thresholds; the other half has other seeds, settings and data. (A first such
// half was counted once, at 65 of 72; what it taught was mended, its wrong runs that were scripted well
// went to the tuning half, and this one was made anew.)
import { join } from 'node:path'
import { changed, colourful, fashionMnist, lopsided, permuted, writeSet } from './sets.mjs'

/** Data sets by name; made when they are first asked for. */
export function sets(folder, fashionFolder) {
  const fashion = fashionMnist(fashionFolder, 6000)
  const fashion2 = fashionMnist(fashionFolder, 6000, 20_000)
  const colour = colourful(3)
  const colour3 = colourful(21)
  const other = colourful(8)
  const share = (set, by, seed) => ({ ...set, train: permuted(set.train, by, seed) })
  const both = (set, by, seed) => ({
    train: permuted(set.train, by, seed),
    test: permuted(set.test, by, seed + 1)
  })
  const testAs = (set, change) => ({ ...set, test: changed(set.test, change) })
  const every = (set, change) => ({
    train: changed(set.train, change),
    test: changed(set.test, change)
  })
  const floats = { float: true }
  const makers = {
    fashion: [fashion],
    colour: [colour],
    colour2: [other],
    colour3: [colour3],
    'colour3 0-1': [every(colour3, (x) => x / 255), floats],
    'fashion2, 45 % permuted': [share(fashion2, 0.45, 32)],
    'fashion2, 50 % permuted, test too': [both(fashion2, 0.5, 35)],
    'colour3, 40 % permuted': [share(colour3, 0.4, 34)],
    'fashion2, test / 255': [testAs(fashion2, (x) => x / 255), floats],
    'fashion2, test inverted': [testAs(fashion2, (x) => 255 - x)],
    'colour3, test in [-1, 1]': [
      {
        train: changed(colour3.train, (x) => x / 255),
        test: changed(colour3.test, (x) => x / 127.5 - 1)
      },
      floats
    ],
    'colour3, blue x 300': [every(colour3, (x, f) => (f % 3 === 2 ? 300 * x : x)), floats],
    'fashion2, a block x 500': [
      every(fashion2, (x, f) => (f >= 16 * 28 && f < 19 * 28 ? 500 * x : x)),
      floats
    ],
    'fashion2, class 6 alone': [{ ...fashion2, train: lopsided(fashion2.train, 6, 0) }],
    'colour3, class 2 alone': [{ ...colour3, train: lopsided(colour3.train, 2, 0) }],
    'fashion 0-1': [every(fashion, (x) => x / 255), floats],
    'colour 0-1': [every(other, (x) => x / 255), floats],
    // labels
    'fashion, 40 % permuted': [share(fashion, 0.4, 1)],
    'fashion, 50 % permuted': [share(fashion, 0.5, 2)],
    'fashion, 40 % permuted, test too': [both(fashion, 0.4, 5)],
    'fashion, 45 % permuted, test too': [both(fashion, 0.45, 15)],
    'colour, 40 % permuted': [share(colour, 0.4, 3)],
    'colour2, 40 % permuted': [share(other, 0.4, 4)],
    // what is tested is not what was trained
    'fashion, test / 255': [testAs(fashion, (x) => x / 255), floats],
    'fashion, test inverted': [testAs(fashion, (x) => 255 - x)],
    'fashion 0-1, test 0-255': [
      { train: changed(fashion.train, (x) => x / 255), test: fashion.test },
      floats
    ],
    'colour, test / 255': [testAs(colour, (x) => x / 255), floats],
    'colour2, test in [-1, 1]': [
      {
        train: changed(other.train, (x) => x / 255),
        test: changed(other.test, (x) => x / 127.5 - 1)
      },
      floats
    ],
    'colour2, test inverted': [testAs(other, (x) => 255 - x)],
    // pixels on scales of their own
    'colour, red x 100': [every(colour, (x, f) => (f % 3 === 0 ? 100 * x : x)), floats],
    'colour2, blue x 300': [every(other, (x, f) => (f % 3 === 2 ? 300 * x : x)), floats],
    'fashion, a row x 200': [
      every(fashion, (x, f) => (f >= 14 * 28 && f < 15 * 28 ? 200 * x : x)),
      floats
    ],
    'fashion, a block x 1000': [
      every(fashion, (x, f) => (f >= 10 * 28 && f < 13 * 28 ? 1000 * x : x)),
      floats
    ],
    // one class is nearly all of the training images
    'fashion, class 3 alone': [{ ...fashion, train: lopsided(fashion.train, 3, 0) }],
    'fashion, class 8 alone': [{ ...fashion, train: lopsided(fashion.train, 8, 0) }],
    'colour, nearly class 5 alone': [{ ...colour, train: lopsided(colour.train, 5, 1) }],
    'colour2, nearly class 2 alone': [{ ...other, train: lopsided(other.train, 2, 1) }]
  }
  const made = new Map([
    ['Fashion-MNIST', 'fashion-mnist'],
    ['generated', 'generated']
  ])
  return (name) => {
    if (!made.has(name)) {
      const [set, options] = makers[name]
      made.set(name, writeSet(join(folder, name.replace(/[^a-z0-9]+/gi, '-')), set, options))
    }
    return made.get(name)
  }
}

/** [code, half, set, words] */
// prettier-ignore
const TABLE = [
  ['clipped-loss-trap', 'tune', 'Fashion-MNIST', '--choice raw --loss clipped --limit 6000 --epochs 5 --seed 0'],
  ['clipped-loss-trap', 'tune', 'Fashion-MNIST', '--choice raw --loss clipped --limit 6000 --epochs 5 --seed 1'],
  ['clipped-loss-trap', 'tune', 'Fashion-MNIST', '--choice raw --loss clipped --activation leaky-relu --limit 6000 --epochs 5 --seed 0'],
  ['clipped-loss-trap', 'tune', 'colour', '--choice raw --loss clipped --epochs 5 --seed 0'],
  ['clipped-loss-trap', 'count', 'Fashion-MNIST', '--choice raw --loss clipped --limit 8000 --epochs 4 --seed 32'],
  ['clipped-loss-trap', 'count', 'Fashion-MNIST', '--choice raw --loss clipped --activation leaky-relu --limit 8000 --epochs 4 --seed 33'],
  ['clipped-loss-trap', 'count', 'Fashion-MNIST', '--choice centred --loss clipped --limit 8000 --epochs 4 --seed 34'],
  ['clipped-loss-trap', 'count', 'colour3', '--choice raw --loss clipped --epochs 6 --seed 35'],
  ['learning-rate-too-large', 'tune', 'Fashion-MNIST', '--choice unit --learning-rate 0.1 --limit 6000 --epochs 5 --seed 0'],
  ['learning-rate-too-large', 'tune', 'Fashion-MNIST', '--choice standardised --learning-rate 0.1 --limit 6000 --epochs 5 --seed 1'],
  ['learning-rate-too-large', 'tune', 'Fashion-MNIST', '--choice standardised --optimiser sgd --learning-rate 1 --limit 6000 --epochs 5 --seed 0'],
  ['learning-rate-too-large', 'tune', 'generated', '--choice unit --learning-rate 0.1 --limit 6000 --epochs 5 --seed 1'],
  ['learning-rate-too-large', 'tune', 'colour', '--choice standardised --learning-rate 0.1 --epochs 5 --seed 0'],
  ['learning-rate-too-large', 'tune', 'Fashion-MNIST', '--choice unit --optimiser rmsprop --learning-rate 0.1 --limit 6000 --epochs 5 --seed 2'],
  ['learning-rate-too-large', 'tune', 'Fashion-MNIST', '--choice unit --learning-rate 0.1 --limit 9000 --epochs 4 --seed 12'],
  ['learning-rate-too-large', 'tune', 'generated', '--choice standardised --learning-rate 0.1 --limit 9000 --epochs 4 --seed 15'],
  ['learning-rate-too-large', 'count', 'Fashion-MNIST', '--choice unit --learning-rate 0.15 --limit 8000 --epochs 4 --seed 32'],
  ['learning-rate-too-large', 'count', 'Fashion-MNIST', '--choice symmetric --learning-rate 0.15 --limit 8000 --epochs 4 --seed 33'],
  ['learning-rate-too-large', 'count', 'Fashion-MNIST', '--choice standardised --optimiser momentum --learning-rate 0.8 --limit 8000 --epochs 4 --seed 34'],
  ['learning-rate-too-large', 'count', 'generated', '--choice standardised --learning-rate 0.15 --limit 8000 --epochs 4 --seed 35'],
  ['learning-rate-too-large', 'count', 'colour3', '--choice standardised --learning-rate 0.15 --epochs 6 --seed 36'],
  ['learning-rate-too-large', 'count', 'Fashion-MNIST', '--choice standardised --activation tanh --learning-rate 0.25 --limit 8000 --epochs 4 --seed 37'],
  ['learning-rate-too-small', 'tune', 'Fashion-MNIST', '--choice unit --learning-rate 0.000001 --limit 6000 --epochs 5 --seed 0'],
  ['learning-rate-too-small', 'tune', 'Fashion-MNIST', '--choice standardised --optimiser sgd --learning-rate 0.00001 --limit 6000 --epochs 5 --seed 1'],
  ['learning-rate-too-small', 'tune', 'generated', '--choice unit --learning-rate 0.000001 --limit 6000 --epochs 5 --seed 0'],
  ['learning-rate-too-small', 'tune', 'colour', '--choice standardised --learning-rate 0.000001 --epochs 5 --seed 1'],
  ['learning-rate-too-small', 'tune', 'generated', '--choice standardised --activation tanh --learning-rate 0.000001 --limit 9000 --epochs 5 --seed 14'],
  ['learning-rate-too-small', 'count', 'Fashion-MNIST', '--choice symmetric --learning-rate 0.0000015 --limit 8000 --epochs 6 --seed 32'],
  ['learning-rate-too-small', 'count', 'Fashion-MNIST', '--choice unit --optimiser momentum --learning-rate 0.000008 --limit 8000 --epochs 4 --seed 33'],
  ['learning-rate-too-small', 'count', 'generated', '--choice standardised --activation tanh --learning-rate 0.0000015 --limit 8000 --epochs 5 --seed 34'],
  ['learning-rate-too-small', 'count', 'colour3', '--choice standardised --learning-rate 0.000002 --epochs 6 --seed 35'],
  ['initial-weights-too-large', 'tune', 'Fashion-MNIST', '--choice unit --init-factor 30 --limit 6000 --epochs 5 --seed 0'],
  ['initial-weights-too-large', 'tune', 'Fashion-MNIST', '--choice unit --init-factor 300 --limit 6000 --epochs 5 --seed 1'],
  ['initial-weights-too-large', 'tune', 'Fashion-MNIST', '--choice standardised --activation tanh --init-factor 30 --limit 6000 --epochs 5 --seed 0'],
  ['initial-weights-too-large', 'tune', 'generated', '--choice unit --init-factor 30 --limit 6000 --epochs 5 --seed 1'],
  ['initial-weights-too-large', 'tune', 'colour', '--choice standardised --initialiser normal --initial-std 1.5 --epochs 5 --seed 0'],
  ['initial-weights-too-large', 'count', 'Fashion-MNIST', '--choice standardised --init-factor 50 --limit 8000 --epochs 4 --seed 32'],
  ['initial-weights-too-large', 'count', 'Fashion-MNIST', '--choice unit --initialiser normal --initial-std 1.3 --limit 8000 --epochs 4 --seed 33'],
  ['initial-weights-too-large', 'count', 'Fashion-MNIST', '--choice unit --activation sigmoid --init-factor 200 --limit 8000 --epochs 4 --seed 34'],
  ['initial-weights-too-large', 'count', 'generated', '--choice standardised --init-factor 200 --limit 8000 --epochs 4 --seed 35'],
  ['initial-weights-too-large', 'count', 'colour3', '--choice standardised --init-factor 45 --epochs 6 --seed 36'],
  ['initial-weights-too-small', 'tune', 'Fashion-MNIST', '--choice unit --initialiser normal --initial-std 0.0002 --optimiser sgd --limit 6000 --epochs 5 --seed 0'],
  ['initial-weights-too-small', 'tune', 'Fashion-MNIST', '--choice standardised --activation tanh --initialiser normal --initial-std 0.0001 --optimiser sgd --limit 6000 --epochs 5 --seed 1'],
  ['initial-weights-too-small', 'tune', 'colour', '--choice standardised --initialiser normal --initial-std 0.0002 --optimiser sgd --epochs 5 --seed 0'],
  ['initial-weights-too-small', 'count', 'Fashion-MNIST', '--choice symmetric --initialiser normal --initial-std 0.00015 --optimiser sgd --limit 8000 --epochs 4 --seed 32'],
  ['initial-weights-too-small', 'count', 'generated', '--choice unit --initialiser normal --initial-std 0.0002 --optimiser sgd --limit 8000 --epochs 4 --seed 33'],
  ['initial-weights-too-small', 'count', 'colour3', '--choice standardised --activation tanh --initialiser normal --initial-std 0.00015 --optimiser sgd --epochs 4 --seed 34'],
  ['inputs-too-large', 'tune', 'Fashion-MNIST', '--choice raw --epochs 3 --seed 0'],
  ['inputs-too-large', 'tune', 'Fashion-MNIST', '--choice raw --activation leaky-relu --limit 6000 --epochs 5 --seed 0'],
  ['inputs-too-large', 'tune', 'generated', '--choice raw --limit 6000 --epochs 5 --seed 1'],
  ['inputs-too-large', 'count', 'Fashion-MNIST', '--choice raw --epochs 2 --seed 32'],
  ['inputs-too-large', 'count', 'Fashion-MNIST', '--choice centred-per-pixel --activation leaky-relu --limit 8000 --epochs 4 --seed 32'],
  ['inputs-too-large', 'count', 'generated', '--choice raw --activation leaky-relu --limit 8000 --epochs 4 --seed 33'],
  ['dead-units', 'tune', 'Fashion-MNIST', '--choice raw --optimiser sgd --limit 6000 --epochs 5 --seed 1'],
  ['dead-units', 'tune', 'colour', '--choice raw --optimiser sgd --epochs 5 --seed 0'],
  ['dead-units', 'tune', 'Fashion-MNIST', '--choice raw --optimiser sgd --hidden 64 --limit 6000 --epochs 5 --seed 0'],
  ['dead-units', 'count', 'Fashion-MNIST', '--choice raw --optimiser sgd --limit 8000 --epochs 4 --seed 33'],
  ['dead-units', 'count', 'generated', '--choice raw --optimiser sgd --hidden 256 --limit 8000 --epochs 4 --seed 34'],
  ['dead-units', 'count', 'colour3', '--choice raw --optimiser sgd --epochs 4 --seed 36'],
  ['saturated-units', 'tune', 'Fashion-MNIST', '--choice raw --activation tanh --limit 6000 --epochs 5 --seed 0'],
  ['saturated-units', 'tune', 'Fashion-MNIST', '--choice raw --activation sigmoid --limit 6000 --epochs 5 --seed 1'],
  ['saturated-units', 'tune', 'Fashion-MNIST', '--choice raw --activation tanh --optimiser sgd --limit 6000 --epochs 5 --seed 0'],
  ['saturated-units', 'tune', 'colour', '--choice raw --activation tanh --epochs 5 --seed 0'],
  ['saturated-units', 'count', 'Fashion-MNIST', '--choice raw --activation tanh --limit 8000 --epochs 4 --seed 32'],
  ['saturated-units', 'count', 'Fashion-MNIST', '--choice centred --activation lecun-tanh --limit 8000 --epochs 4 --seed 33'],
  ['saturated-units', 'count', 'Fashion-MNIST', '--choice raw --activation sigmoid --limit 8000 --epochs 4 --seed 34'],
  ['saturated-units', 'count', 'colour3', '--choice raw --activation sigmoid --epochs 6 --seed 35'],
  ['inputs-too-small', 'tune', 'Fashion-MNIST', '--choice custom --custom-centre 0 --custom-divisor 2550000 --optimiser sgd --limit 6000 --epochs 5 --seed 0'],
  ['inputs-too-small', 'tune', 'colour', '--choice custom --custom-centre 120 --custom-divisor 4000000 --optimiser sgd --epochs 5 --seed 1'],
  ['inputs-too-small', 'count', 'Fashion-MNIST', '--choice custom --custom-centre 73 --custom-divisor 7000000 --optimiser momentum --limit 8000 --epochs 4 --seed 32'],
  ['inputs-too-small', 'count', 'generated', '--choice custom --custom-centre 0 --custom-divisor 3000000 --optimiser sgd --limit 8000 --epochs 4 --seed 33'],
  ['wrong-constants', 'tune', 'Fashion-MNIST', '--choice custom --custom-centre 0.286 --custom-divisor 0.353 --limit 6000 --epochs 5 --seed 0'],
  ['wrong-constants', 'tune', 'colour', '--choice custom --custom-centre 0.485,0.456,0.406 --custom-divisor 0.229,0.224,0.225 --epochs 5 --seed 1'],
  ['wrong-constants', 'tune', 'fashion 0-1', '--choice custom --custom-centre 72.94 --custom-divisor 90.02 --epochs 5 --seed 0'],
  ['wrong-constants', 'count', 'Fashion-MNIST', '--choice custom --custom-centre 0.5 --custom-divisor 0.5 --activation tanh --limit 8000 --epochs 4 --seed 32'],
  ['wrong-constants', 'count', 'colour3', '--choice custom --custom-centre 0.485,0.456,0.406 --custom-divisor 0.229,0.224,0.225 --optimiser sgd --epochs 4 --seed 33'],
  ['wrong-constants', 'count', 'colour3 0-1', '--choice custom --custom-centre 0 --custom-divisor 255 --epochs 4 --seed 34'],
  ['not-centred', 'tune', 'Fashion-MNIST', '--choice custom --custom-centre -2550 --custom-divisor 255 --limit 6000 --epochs 5 --seed 0'],
  ['not-centred', 'tune', 'colour', '--choice unit --epochs 5 --seed 0'],
  ['not-centred', 'tune', 'Fashion-MNIST', '--choice custom --custom-centre -1000 --custom-divisor 500 --limit 6000 --epochs 5 --seed 1'],
  ['not-centred', 'count', 'Fashion-MNIST', '--choice custom --custom-centre -2000 --custom-divisor 255 --limit 8000 --epochs 4 --seed 32'],
  ['not-centred', 'count', 'generated', '--choice custom --custom-centre -3000 --custom-divisor 255 --limit 8000 --epochs 4 --seed 33'],
  ['not-centred', 'count', 'colour3', '--choice unit --epochs 6 --seed 34'],
  ['scale-differs-between-pixels', 'tune', 'colour, red x 100', '--choice unit --epochs 5 --seed 0'],
  ['scale-differs-between-pixels', 'tune', 'fashion, a row x 200', '--choice unit --epochs 5 --seed 0'],
  ['scale-differs-between-pixels', 'tune', 'fashion, a row x 200', '--choice standardised --epochs 5 --seed 1'],
  ['scale-differs-between-pixels', 'count', 'colour3, blue x 300', '--choice unit --epochs 6 --seed 32'],
  ['scale-differs-between-pixels', 'count', 'fashion2, a block x 500', '--choice unit --epochs 6 --seed 33'],
  ['scale-differs-between-pixels', 'count', 'fashion2, a block x 500', '--choice standardised --activation tanh --epochs 6 --seed 34'],
  ['train-test-mismatch', 'tune', 'fashion, test / 255', '--choice unit --epochs 5 --seed 0'],
  ['train-test-mismatch', 'tune', 'fashion, test inverted', '--choice standardised --epochs 5 --seed 1'],
  ['train-test-mismatch', 'tune', 'colour, test / 255', '--choice standardised --epochs 5 --seed 0'],
  ['train-test-mismatch', 'tune', 'fashion 0-1, test 0-255', '--choice unit --epochs 4 --seed 12'],
  ['train-test-mismatch', 'tune', 'colour2, test in [-1, 1]', '--choice standardised --epochs 6 --seed 13'],
  ['train-test-mismatch', 'count', 'fashion2, test / 255', '--choice unit --epochs 4 --seed 32'],
  ['train-test-mismatch', 'count', 'colour3, test in [-1, 1]', '--choice standardised --epochs 6 --seed 33'],
  ['train-test-mismatch', 'count', 'fashion2, test inverted', '--choice unit --activation tanh --epochs 6 --seed 34'],
  ['label-noise-suspected', 'tune', 'fashion, 40 % permuted', '--choice unit --epochs 5 --seed 0'],
  ['label-noise-suspected', 'tune', 'colour, 40 % permuted', '--choice standardised --epochs 3 --seed 1'],
  ['label-noise-suspected', 'tune', 'fashion, 40 % permuted, test too', '--choice unit --epochs 5 --seed 2'],
  ['label-noise-suspected', 'count', 'fashion2, 45 % permuted', '--choice standardised --epochs 4 --seed 32'],
  ['label-noise-suspected', 'count', 'colour3, 40 % permuted', '--choice standardised --activation tanh --epochs 3 --seed 33'],
  ['label-noise-suspected', 'count', 'fashion2, 50 % permuted, test too', '--choice symmetric --epochs 4 --seed 34'],
  ['collapsed-to-one-class', 'tune', 'fashion, class 3 alone', '--choice unit --epochs 5 --seed 0'],
  ['collapsed-to-one-class', 'tune', 'colour, nearly class 5 alone', '--choice standardised --epochs 3 --seed 1'],
  ['collapsed-to-one-class', 'count', 'fashion2, class 6 alone', '--choice unit --epochs 6 --seed 32'],
  ['collapsed-to-one-class', 'count', 'colour3, class 2 alone', '--choice standardised --activation tanh --epochs 4 --seed 33'],
  ['overfitting', 'tune', 'Fashion-MNIST', '--choice unit --limit 200 --epochs 150 --seed 0'],
  ['overfitting', 'tune', 'colour', '--choice standardised --limit 150 --epochs 80 --seed 1'],
  ['overfitting', 'tune', 'Fashion-MNIST', '--choice standardised --limit 500 --epochs 60 --seed 0'],
  ['overfitting', 'count', 'Fashion-MNIST', '--choice standardised --limit 300 --epochs 90 --seed 32'],
  ['overfitting', 'count', 'colour3', '--choice standardised --limit 200 --epochs 90 --seed 33'],
  ['overfitting', 'count', 'Fashion-MNIST', '--choice unit --limit 400 --hidden 256 --epochs 150 --seed 34'],
  ['too-few-epochs', 'tune', 'Fashion-MNIST', '--choice unit --limit 400 --epochs 1 --seed 0'],
  ['too-few-epochs', 'tune', 'generated', '--choice unit --limit 300 --epochs 1 --seed 1'],
  ['too-few-epochs', 'tune', 'colour', '--choice standardised --limit 400 --epochs 1 --seed 0'],
  ['too-few-epochs', 'tune', 'Fashion-MNIST', '--choice standardised --limit 600 --batch 64 --epochs 1 --seed 1'],
  ['too-few-epochs', 'count', 'Fashion-MNIST', '--choice standardised --limit 300 --epochs 1 --seed 32'],
  ['too-few-epochs', 'count', 'Fashion-MNIST', '--choice symmetric --limit 500 --epochs 1 --seed 33'],
  ['too-few-epochs', 'count', 'generated', '--choice standardised --limit 300 --epochs 1 --seed 34'],
  ['too-few-epochs', 'count', 'colour3', '--choice standardised --limit 300 --epochs 1 --seed 35'],
  ['none-found', 'tune', 'Fashion-MNIST', '--choice unit --limit 6000 --epochs 5 --seed 0'],
  ['none-found', 'tune', 'Fashion-MNIST', '--choice standardised --activation tanh --limit 6000 --epochs 5 --seed 1'],
  ['none-found', 'tune', 'Fashion-MNIST', '--choice standardised-per-pixel --activation sigmoid --limit 6000 --epochs 5 --seed 2'],
  ['none-found', 'tune', 'Fashion-MNIST', '--choice per-image --limit 6000 --epochs 5 --seed 3'],
  ['none-found', 'tune', 'Fashion-MNIST', '--choice symmetric --optimiser momentum --limit 6000 --epochs 5 --seed 0'],
  ['none-found', 'tune', 'Fashion-MNIST', '--choice unit --loss clipped --limit 6000 --epochs 5 --seed 1'],
  ['none-found', 'tune', 'Fashion-MNIST', '--choice unit --loss clipped --classes 1,9 --limit 6000 --epochs 5 --seed 2'],
  ['none-found', 'tune', 'Fashion-MNIST', '--choice raw --init-factor 0.00392156862745098 --learning-rate-factor 0.00392156862745098 --limit 6000 --epochs 5 --seed 3'],
  ['none-found', 'tune', 'generated', '--choice unit --limit 6000 --epochs 5 --seed 0'],
  ['none-found', 'tune', 'generated', '--choice standardised --hidden 128,64 --limit 6000 --epochs 5 --seed 1'],
  ['none-found', 'tune', 'colour', '--choice standardised --epochs 5 --seed 2'],
  ['none-found', 'tune', 'colour', '--choice standardised --activation tanh --learning-rate 0.003 --epochs 5 --seed 3'],
  ['none-found', 'tune', 'colour', '--choice per-image --activation leaky-relu --epochs 5 --seed 0'],
  ['none-found', 'count', 'Fashion-MNIST', '--choice unit --limit 7000 --epochs 5 --seed 30'],
  ['none-found', 'count', 'Fashion-MNIST', '--choice standardised --activation tanh --hidden 64,64 --limit 7000 --epochs 5 --seed 31'],
  ['none-found', 'count', 'Fashion-MNIST', '--choice standardised-per-pixel --limit 7000 --epochs 5 --seed 32'],
  ['none-found', 'count', 'Fashion-MNIST', '--choice per-image --activation sigmoid --limit 7000 --epochs 5 --seed 33'],
  ['none-found', 'count', 'Fashion-MNIST', '--choice symmetric --activation leaky-relu --limit 7000 --epochs 5 --seed 34'],
  ['none-found', 'count', 'Fashion-MNIST', '--choice robust --optimiser rmsprop --limit 7000 --epochs 5 --seed 30'],
  ['none-found', 'count', 'Fashion-MNIST', '--choice standardised --optimiser sgd --learning-rate 0.05 --limit 7000 --epochs 5 --seed 31'],
  ['none-found', 'count', 'Fashion-MNIST', '--choice unit --loss clipped --classes 0,8 --limit 7000 --epochs 5 --seed 32'],
  ['none-found', 'count', 'Fashion-MNIST', '--choice standardised --hidden 0 --limit 7000 --epochs 5 --seed 33'],
  ['none-found', 'count', 'Fashion-MNIST', '--choice log --limit 7000 --epochs 5 --seed 34'],
  ['none-found', 'count', 'generated', '--choice standardised --activation tanh --limit 7000 --epochs 5 --seed 30'],
  ['none-found', 'count', 'generated', '--choice unit --optimiser adamw --limit 7000 --epochs 5 --seed 31'],
  ['none-found', 'count', 'colour3', '--choice standardised --epochs 5 --seed 32'],
  ['none-found', 'count', 'colour3', '--choice standardised-per-pixel --activation leaky-relu --epochs 5 --seed 33']
]

export const GRID = TABLE.map(([code, half, set, words]) => ({ code, half, set, words }))
