import { gzip, tar, zip } from '../tests/core/format/build'
import type { Sample } from '../tests/main/data/samples'
import written from '../tests/reference/pictures.json'

/**
 * Pictures of reference/pictures.json, whose size is 13 x 19: every kind of file, and of each the ways
 * of packing that have readers, headers or checks of their own.
 */
const DAMAGED = [
  ...['baseline.jpg', 'progressive.jpg', 'restart-1.jpg', 'cmyk.jpg', 'ycck.jpg', 'turned-6.jpg'],
  ...['alpha.png', 'rgb16.png', 'turned-6.png', 'fine.avif'],
  ...['lossy.webp', 'lossless.webp', 'alpha.webp', 'turned-8.webp'],
  ...['palette.gif', 'interlaced.gif', 'frames.gif', 'transparent.gif'],
  ...['colour.bmp', 'bits.bmp', 'palette.bmp'],
  ...['bits.tif', 'planar.tif', 'predicted.tif', 'rgb16-zlib-strips.tif', 'grey8-lzw-tiles.tif'],
  ...['palette.tif', 'float32-predicted.tif', 'int16.tif', 'big-grey8.tif', 'big-planar.tif'],
  ...['eight.dcm', 'twelve-implicit.dcm', 'signed-twelve.dcm', 'rescaled.dcm']
]

const pictures = new Map(
  written.map(({ name, file }): [string, Uint8Array] => [name, Buffer.from(file, 'base64')])
)

function picture(name: string): Uint8Array {
  const file = pictures.get(name)
  if (file === undefined) throw new Error(`reference/pictures.json has no ${name}`)
  return file
}

const words = (text: string): Uint8Array => Buffer.from(text)
const classes = {
  'set/hat/1.jpg': picture('baseline.jpg'),
  'set/hat/2.png': picture('alpha.png'),
  'set/shoe/1.gif': picture('palette.gif')
}
const shard = (label: string): Uint8Array =>
  tar({
    '0001.webp': picture('lossless.webp'),
    '0001.cls': words(label),
    '0002.jpg': picture('progressive.jpg'),
    '0002.json': words('{"caption": "a shoe", "label": 1}')
  })

/** Pictures in archives; WebDataset's shards among them. */
const ARCHIVES: Readonly<Record<string, Sample>> = {
  zip: { path: 'a.zip', files: { 'a.zip': zip(classes, { deflate: true }) } },
  'zip, stored': {
    path: 'a.zip',
    files: {
      'a.zip': zip({
        'a.bmp': picture('colour.bmp'),
        'b.tif': picture('predicted.tif'),
        'labels.csv': words('file,label\na.bmp,hat\nb.tif,shoe\n')
      })
    }
  },
  tar: { path: 'a.tar', files: { 'a.tar': tar(classes) } },
  'tar.gz': { path: 'a.tar.gz', files: { 'a.tar.gz': gzip(tar(classes)) } },
  webdataset: {
    path: '',
    files: { 'a-train-0.tar': shard('0'), 'a-train-1.tar': shard('1'), 'a-test-0.tar': shard('1') }
  }
}

/** A data set of each kind of picture file and archive, by name. */
export const PICTURE_SEEDS: Readonly<Record<string, Sample>> = {
  ...Object.fromEntries(
    DAMAGED.map((name) => [name, { path: '', files: { [`hat/${name}`]: picture(name) } }])
  ),
  ...ARCHIVES,
  'labels beside': {
    path: '',
    files: {
      '1.bmp': picture('palette.bmp'),
      '2.bmp': picture('bits.bmp'),
      'labels.json': words('{"1.bmp": "hat", "2.bmp": "shoe"}')
    }
  }
}
