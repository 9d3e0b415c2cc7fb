// Sets of as many images as are asked for: Fashion-MNIST's training images over and over, as IDX.
import {
  closeSync,
  createWriteStream,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync
} from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip, gunzipSync, gzipSync } from 'node:zlib'

const BYTES = 784

function header(count, sides) {
  const head = Buffer.alloc(4 + 4 * (1 + sides.length))
  head[2] = 8
  head[3] = 1 + sides.length
  ;[count, ...sides].forEach((side, at) => head.writeUInt32BE(side, 4 + 4 * at))
  return head
}

/** Pieces of `count` items of `size` bytes, repeated from `all`. */
function* repeated(all, count, size, head) {
  yield head
  const items = all.length / size
  for (let left = count; left > 0; left -= items) {
    yield left >= items ? all : all.subarray(0, left * size)
  }
}

/** Writes `train-images-idx3-ubyte` and its labels, not compressed. */
export function writePlain(folder, fashionFolder, count) {
  const read = (name, head) => gunzipSync(readFileSync(join(fashionFolder, name))).subarray(head)
  const write = (name, head, size, sides) => {
    const file = openSync(join(folder, name), 'w')
    for (const piece of repeated(read(`${name}.gz`, head), count, size, header(count, sides))) {
      for (let at = 0; at < piece.length;) at += writeSync(file, piece, at)
    }
    closeSync(file)
  }
  mkdirSync(folder, { recursive: true })
  write('train-images-idx3-ubyte', 16, BYTES, [28, 28])
  write('train-labels-idx1-ubyte', 8, 1, [])
}

/** Writes a folder for each count, named after it; resolves to nothing. */
export async function writeTiled(folder, fashionFolder, counts) {
  const read = (name, head) => gunzipSync(readFileSync(join(fashionFolder, name))).subarray(head)
  const [imageFile, labelFile] = ['train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz']
  const [images, labels] = [read(imageFile, 16), read(labelFile, 8)]
  for (const count of counts) {
    const set = join(folder, String(count))
    mkdirSync(set)
    const pixels = repeated(images, count, BYTES, header(count, [28, 28]))
    await pipeline(pixels, createGzip({ level: 1 }), createWriteStream(join(set, imageFile)))
    writeFileSync(
      join(set, labelFile),
      gzipSync(Buffer.concat([...repeated(labels, count, 1, header(count, []))]))
    )
  }
}
