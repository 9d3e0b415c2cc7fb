// The data sets of the grid by name.
import { join } from 'node:path'
import { changed, colourful, fashionMnist, lopsided, permuted, writeSet } from './sets.mjs'

/** Data sets by name; made when they are first asked for. */
export function sets(folder, fashionFolder) {
  const fashion = fashionMnist(fashionFolder, 6000)
  const fashion2 = fashionMnist(fashionFolder, 6000, 20_000)
  const colour = colourful(3)
  const colour3 = colourful(21)
  const other = colourful(8)
  const fashion3 = fashionMnist(fashionFolder, 6000, 40_000)
  const colour4 = colourful(34)
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
    // of the half that only counts
    colour4: [colour4],
    colour5: [colourful(55)],
    'fashion3 0-1': [every(fashion3, (x) => x / 255), floats],
    'fashion3 0-1, test 0-255': [
      { train: changed(fashion3.train, (x) => x / 255), test: fashion3.test },
      floats
    ],
    'fashion3, test / 255': [testAs(fashion3, (x) => x / 255), floats],
    'fashion3, test inverted': [testAs(fashion3, (x) => 255 - x)],
    'colour4, test / 255': [testAs(colour4, (x) => x / 255), floats],
    'fashion3, 40 % permuted': [share(fashion3, 0.4, 51)],
    'fashion3, 50 % permuted': [share(fashion3, 0.5, 52)],
    'fashion3, 45 % permuted, test too': [both(fashion3, 0.45, 53)],
    'colour4, 45 % permuted': [share(colour4, 0.45, 55)],
    'colour4, green x 200': [every(colour4, (x, f) => (f % 3 === 1 ? 200 * x : x)), floats],
    'fashion3, a column x 300': [every(fashion3, (x, f) => (f % 28 === 13 ? 300 * x : x)), floats],
    'fashion3, class 1 alone': [{ ...fashion3, train: lopsided(fashion3.train, 1, 0) }],
    'colour4, class 4 alone': [{ ...colour4, train: lopsided(colour4.train, 4, 0) }],
    'colour4, nearly class 7 alone': [{ ...colour4, train: lopsided(colour4.train, 7, 1) }],
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
